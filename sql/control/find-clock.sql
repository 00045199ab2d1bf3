-- The time of the history's server, which may be set (HistoryClock.java).
SELECT now() AS now
