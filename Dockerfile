# The program and git, which --new-from and diff read revisions with, run as nobody.
#
#   docker build --build-arg VERSION=0.1.0 -t iaclint .
#   docker run --rm --network none -v "$PWD:/src:ro" iaclint
FROM --platform=$BUILDPLATFORM golang:1.26@sha256:9edf71320ef8a791c4c33ec79f90496d641f306a91fb112d3d060d5c1cee4e20 AS build
ARG VERSION=
ARG TARGETOS=linux
ARG TARGETARCH=amd64
WORKDIR /build
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags "-s -w -X github.com/iaclint/iaclint/internal/cli.version=$VERSION" -o /iaclint ./cmd/iaclint

FROM alpine:3.22@sha256:14358309a308569c32bdc37e2e0e9694be33a9d99e68afb0f5ff33cc1f695dce
RUN apk add --no-cache git
LABEL org.opencontainers.image.title="iaclint" \
      org.opencontainers.image.description="Proves who outside a zone of trust can reach the AWS resources that code declares" \
      org.opencontainers.image.source="https://github.com/iaclint/iaclint" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /iaclint /usr/bin/iaclint
COPY LICENSE NOTICE THIRD_PARTY_NOTICES /usr/share/doc/iaclint/
USER 65534:65534
WORKDIR /src
ENTRYPOINT ["/usr/bin/iaclint"]
