package dev.bactrian.store;

import dev.bactrian.archive.StoredObject;
import java.io.IOException;
import java.io.StringReader;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * A page of what a container of Azure Blob Storage holds.
 *
 * @param next where the next page begins; empty when there is none
 */
record AzureListing(List<StoredObject> objects, String next) {

    static AzureListing of(String xml) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            // A mark of the order of bytes may stand in front.
            Document page = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml.substring(Math.max(0, xml.indexOf('<'))))));
            List<StoredObject> objects = new ArrayList<>();
            NodeList blobs = page.getElementsByTagName("Blob");
            for (int i = 0; i < blobs.getLength(); i++) {
                Element blob = (Element) blobs.item(i);
                long size = Long.parseLong(text(blob, "Content-Length"));
                objects.add(new StoredObject(
                        text(blob, "Name"),
                        size,
                        ZonedDateTime.parse(text(blob, "Last-Modified"), DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant(),
                        // Blocks that nothing was made of yet count for none, and nothing that is stored is empty.
                        size > 0));
            }
            return new AzureListing(objects, text(page.getDocumentElement(), "NextMarker"));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("Azure's list can't be read: " + e.getMessage(), e);
        }
    }

    private static String text(Element element, String name) {
        NodeList found = element.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
