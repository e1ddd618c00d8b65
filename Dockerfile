# syntax=docker/dockerfile:1
# The image: one binary, the libraries that it is linked with, no shell. `make image-check` runs its last stage without Docker.

FROM rust:1.95-bookworm AS tools
RUN cargo install --locked --version 0.1.78 cargo-chef
WORKDIR /build
# The one feature that the image has and a developer's build has not: TLS to PostgreSQL, by the OpenSSL of this base.
ENV CI=true FEATURES=pg-tls

FROM tools AS recipe
COPY . .
RUN make dependencies-recipe

# Dependencies are a layer of their own: it is built again only when a manifest or the lock file changes.
FROM tools AS build
COPY --from=recipe /build/target/recipe.json target/recipe.json
COPY Makefile .
RUN make dependencies
COPY . .
RUN make image-root

FROM scratch
COPY --from=build /build/target/image/ /
COPY --from=build --chown=10001:10001 /build/target/image/srv/data /srv/data
WORKDIR /srv
ENV SAVDO_ENVIRONMENT=production
# What the allocator is done with goes back to the system at once: a fifth less memory, nothing slower (docs/BENCH.md).
ENV MIMALLOC_PURGE_DELAY=0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/usr/local/bin/savdo", "health"]
ENTRYPOINT ["/usr/local/bin/savdo"]
CMD ["serve"]
