# Bactrian with all it needs: Java, PostgreSQL's client programs and ISA-L, a fast deflate.
#   docker build -t bactrian . && docker run --rm bactrian --help
# Debian 13 has pg_dump 17, which reads servers up to 17. For newer servers, set up PGDG's repository with the script
# that comes in the package postgresql-common, and install its postgresql-client.
# It needs nothing to write on but /tmp and WORK_DIR: docker-compose.yml shows how it is confined.

# The base, and its digest (sha256:…) where the image must be of exactly those bytes: a release passes the one that the tag
# names at that time.
ARG BASE=debian:trixie-slim
ARG BASE_DIGEST=

FROM ${BASE}${BASE_DIGEST:+@${BASE_DIGEST}} AS build
# Java's and PostgreSQL's packages link to manual pages, and fail in a slim image that lacks the folders.
RUN mkdir -p /usr/share/man/man1 \
    && apt-get update \
    && apt-get install -y --no-install-recommends maven openjdk-21-jdk-headless ca-certificates \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# The tests need PostgreSQL servers, and have run before: ./mvnw verify.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp -DskipTests -Dmaven.test.skip=true package

FROM ${BASE}${BASE_DIGEST:+@${BASE_DIGEST}}
# 25, or 21: what Debian has of Java. ISA-L needs 22 or newer.
ARG JAVA_RUNTIME=25
RUN mkdir -p /usr/share/man/man1 /usr/share/man/man7 \
    && apt-get update \
    && apt-get install -y --no-install-recommends \
        "openjdk-${JAVA_RUNTIME}-jre-headless" postgresql-client-17 libisal2 ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/bactrian --shell /usr/sbin/nologin bactrian \
    && install -d -o bactrian -g bactrian -m 0700 /var/lib/bactrian /var/lib/bactrian/work

# What the service runs belongs to root: it can't change itself. To change a route, mount it over the one here.
WORKDIR /opt/bactrian
# Without target/lib-demo: the demo's PostgreSQL and S3 servers have no place beside a service.
COPY --from=build /build/target/lib target/lib
COPY --from=build /build/bactrian /build/LICENSE ./
COPY --from=build /build/config config
COPY --from=build /build/sql sql
COPY --from=build /build/routes routes
COPY --from=build /build/target/bactrian.jar target/
# A backup and a restore by the demo's servers, which are here for this alone: what they load of classes is kept in files, which
# halve the start of `backup` and `restore`. An image without them works as well.
RUN --mount=type=bind,from=build,source=/build/target/lib-demo,target=/opt/bactrian/target/lib-demo \
    BACTRIAN_INSTALL=no ./bactrian demo --rehearse || echo "The rehearsal failed: commands start slower"

# Reachable from outside the container; behind a port that is published or a proxy with TLS.
ENV HTTP_HOST=0.0.0.0 \
    WORK_DIR=/var/lib/bactrian/work \
    LANG=C.UTF-8
USER bactrian
# 8080 is the API and the page; 8081 health and metrics, open to whoever reaches it: don't publish it.
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://localhost:8081/observe/health/live"]
ENTRYPOINT ["./bactrian"]
CMD ["serve"]

LABEL org.opencontainers.image.title="Bactrian" \
      org.opencontainers.image.description="Backups of PostgreSQL and Supabase to S3, as Apache Camel routes" \
      org.opencontainers.image.licenses="Apache-2.0"
