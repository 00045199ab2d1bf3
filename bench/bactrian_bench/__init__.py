"""The parts of bench/run: programs, servers, data, cases, contestants, measuring, the report."""
