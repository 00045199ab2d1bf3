package dev.bactrian.backup;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Notes the id of the step that failed, before the failure route's own steps follow it. */
public final class FailedStep implements Processor {

    static final String PROPERTY = "failedStep";

    @Override
    public void process(Exchange exchange) {
        exchange.setProperty(PROPERTY, exchange.getExchangeExtension().getHistoryNodeId());
    }
}
