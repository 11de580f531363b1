package pnas.orchestrator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import pnas.message.Messages;

/** Writes cells, operations and layouts in REST bodies as messages write them. */
@Singleton
final class JsonForms implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(Messages.textForms());
    }
}
