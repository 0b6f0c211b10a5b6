//! The cases: `#case NAME`, `#file PATH CONTENT` (`elf:PLATFORM` for a program's header), `#is PATH
//! AMD64 ARM64`, and the Dockerfile's own lines.

pub(super) const CASES: &str = r#"
#case bytes win over names
#file tools/linux-amd64/t elf:linux/arm64
FROM debian:trixie-slim
COPY tools/linux-amd64/t /usr/local/bin/t
#is /usr/local/bin/t linux/arm64 linux/arm64
#case a target that a script wrote into a file
#file Cargo.toml [package]\nname = "app"
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
ARG TARGETARCH
WORKDIR /src
RUN case "$TARGETARCH" in arm64) echo aarch64-unknown-linux-musl ;; *) echo x86_64-unknown-linux-musl ;; esac > /target
RUN rustup target add "$(cat /target)"
COPY . .
RUN cargo build --release --target "$(cat /target)" && cp "target/$(cat /target)/release/app" /app
FROM scratch
COPY --from=build /app /app
#is /app linux/amd64 linux/arm64
#case a target file that is overwritten by one that is not known
#file Cargo.toml [package]\nname = "app"
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
WORKDIR /src
RUN echo aarch64-unknown-linux-musl > /target
RUN pick-a-target > /target
COPY . .
RUN cargo build --release --target "$(cat /target)" && cp "target/$(cat /target)/release/app" /app
FROM scratch
COPY --from=build /app /app
#is /app unknown unknown
#case a folder whose name xx-cargo prints
#file Cargo.toml [package]\nname = "app"
FROM --platform=$BUILDPLATFORM tonistiigi/xx AS xx
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
COPY --from=xx / /
ARG TARGETPLATFORM
COPY . .
RUN xx-cargo build --release --target-dir ./out && cp "./out/$(xx-cargo --print-target-triple)/release/app" /app
FROM debian:trixie-slim
COPY --from=build /app /app
#is /app linux/amd64 linux/arm64
#case an archive from a pipe with its output named at once
FROM alpine:3.22
RUN wget -qO- https://example.com/helm-linux-amd64.tar.gz | tar xz -C /usr/local/bin --strip-components=1 linux-amd64/helm
#is /usr/local/bin/helm linux/amd64 linux/amd64
#is /helm-linux-amd64.tar.gz - -
#case two archives in one folder
FROM alpine:3.22
ADD https://example.com/init-noarch.tar.xz /tmp/
ADD https://example.com/init-x86_64.tar.xz /tmp/
RUN tar -C / -Jxpf /tmp/init-noarch.tar.xz && tar -C / -Jxpf /tmp/init-x86_64.tar.xz
ENTRYPOINT ["/init"]
#is /init unknown unknown
#case gems where bundler was told to put them
#file Gemfile x
FROM --platform=$BUILDPLATFORM ruby:3.4-slim AS build
COPY Gemfile .
RUN bundle config set path /gems && bundle install
FROM ruby:3.4-slim
COPY --from=build /gems /gems
#is /gems unknown unknown
#case a cross image whose paths name another CPU
FROM --platform=linux/amd64 messense/rust-musl-cross:aarch64-musl AS build
RUN cargo build --release
FROM scratch
COPY --from=build /root/src/target/aarch64-unknown-linux-musl/release/app /app
#is /app unknown unknown
#case a folder for each TARGETARCH
#file bin/amd64/server elf:linux/amd64
#file bin/arm64/server elf:linux/arm64
FROM scratch
ARG TARGETARCH
COPY bin/${TARGETARCH}/server /server
#is /server linux/amd64 linux/arm64
#case one platform for all
#file go.mod module example.com/svc
#file main.go package main
FROM --platform=linux/amd64 golang:1.26-alpine
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/app .
#is /usr/local/bin/app linux/amd64 linux/amd64
#case a file of another image
FROM debian:bookworm
COPY --from=busybox:1.37-musl /bin/busybox /bin/busybox
#is /bin/busybox linux/amd64 linux/arm64
#case a site built on the builder
#file package.json {}
#file robots.txt x
FROM --platform=$BUILDPLATFORM node:22-alpine AS site
WORKDIR /site
COPY . .
RUN npm ci && npm run build
FROM nginx:1.31-alpine
COPY --from=site /site/dist/ /usr/share/nginx/html/
COPY robots.txt /usr/share/nginx/html/robots.txt
#is /usr/share/nginx/html/robots.txt any any
#is /usr/share/nginx/html/index.html unknown unknown
#case a cross compiler only where it is needed
#file tool.c int main(void) { return 0; }
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
ARG TARGETARCH
RUN apt-get update && apt-get install -y gcc gcc-aarch64-linux-gnu
COPY tool.c .
RUN if [ "$TARGETARCH" = "arm64" ]; then aarch64-linux-gnu-gcc -o /tool tool.c; else gcc -o /tool tool.c; fi
FROM debian:bookworm-slim
COPY --from=build /tool /usr/bin/tool
#is /usr/bin/tool linux/amd64 linux/arm64
#case TARGETARCH without ARG is empty
#file go.mod module example.com/svc
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOARCH=$TARGETARCH go build -o /out/app .
FROM scratch
COPY --from=build /out/app /app
#is /app linux/amd64 linux/amd64
#case cgo with a compiler chosen by case
#file go.mod module example.com/store
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN case "$TARGETARCH" in amd64) export CC=gcc ;; arm64) export CC=aarch64-linux-gnu-gcc ;; esac && CGO_ENABLED=1 GOOS=linux GOARCH=$TARGETARCH go build -o /out/store .
FROM debian:bookworm-slim
COPY --from=build /out/store /usr/bin/store
#is /usr/bin/store linux/amd64 linux/arm64
#case go install, collected by find
#file go.mod module example.com/svc
#file cmd/ctl/main.go package main
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
ENV GOPATH=/go
ARG TARGETOS TARGETARCH
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go install ./cmd/ctl && mkdir -p /out && find /go/bin -type f -name ctl -exec mv {} /out/ctl \;
FROM alpine:3.23
COPY --from=build /out/ctl /usr/local/bin/ctl
#is /usr/local/bin/ctl linux/amd64 linux/arm64
#case go without a target
#file go.mod module example.com/svc
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/app .
FROM alpine:3.23
COPY --from=build /out/app /usr/local/bin/app
#is /usr/local/bin/app linux/amd64 linux/amd64
#case a program of the runner
#file bin/server elf:linux/amd64
#file config.yaml port: 8080
FROM alpine:3.23
COPY bin/server /usr/local/bin/server
COPY config.yaml /etc/server/config.yaml
#is /usr/local/bin/server linux/amd64 linux/amd64
#is /etc/server/config.yaml any any
#case a jar
#file build/libs/app.jar x
FROM amazoncorretto:11
WORKDIR /app
COPY build/libs/app.jar .
#is /app/app.jar any any
#case three downloads
FROM alpine:3.23
ARG TARGETARCH
ADD https://dl.example.com/bin/linux/amd64/kubectl /opt/fixed
RUN wget -qO /opt/chosen https://dl.example.com/bin/linux/${TARGETARCH}/kubectl && chmod +x /opt/chosen
RUN wget -qO /opt/extra https://dl.example.com/latest/extra
#is /opt/fixed linux/amd64 linux/amd64
#is /opt/chosen linux/amd64 linux/arm64
#is /opt/extra unknown unknown
#case hidden node_modules
#file .dockerignore node_modules
#file server.js x
#file node_modules/a/b.node elf:linux/amd64
FROM node:22-bookworm-slim
WORKDIR /app
RUN npm ci --omit=dev
COPY . .
#is /app/server.js any any
#is /app/node_modules/a/b.node unknown unknown
#case pure node_modules
#file node_modules/ms/index.js x
FROM node:22-alpine
WORKDIR /app
COPY node_modules ./node_modules
#is /app/node_modules/ms/index.js any any
#case pip on the builder
#file requirements.txt numpy
FROM --platform=$BUILDPLATFORM python:3.13-slim AS deps
COPY requirements.txt .
RUN pip install --no-cache-dir --prefix=/install -r requirements.txt
FROM python:3.13-slim
COPY --from=deps /install /usr/local
#is /usr/local/lib/python3.13/site-packages/numpy/x.so unknown unknown
#case a base with one manifest
#bases {"registry.example.com/base/rt:12":{"manifest":{"platform":"linux/amd64"}}}
#file bin/amd64/app elf:linux/amd64
#file bin/arm64/app elf:linux/arm64
FROM registry.example.com/base/rt:12
ARG TARGETARCH
COPY bin/${TARGETARCH}/app /app/app
ENTRYPOINT ["/usr/sbin/supervisord"]
#is /app/app linux/amd64 linux/arm64
#is /usr/sbin/supervisord linux/amd64 linux/amd64
#case folders with the compiler's names
#file target/x86_64/app elf:linux/amd64
FROM debian:trixie-slim
ARG TARGETARCH
COPY target/${TARGETARCH}/app /usr/local/bin/app
#is /usr/local/bin/app - -
#case xx-go
#file go.mod module example.com/svc
FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.6.1 AS xx
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
COPY --from=xx / /
ARG TARGETPLATFORM
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app
FROM scratch
COPY --from=build /out/app /app
#is /app linux/amd64 linux/arm64
#case GOARM from the variant
#file go.mod module example.com/svc
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH TARGETVARIANT
WORKDIR /src
COPY . .
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH GOARM=${TARGETVARIANT#v} go build -o /out/app .
FROM alpine:3.23
COPY --from=build /out/app /usr/local/bin/app
#is /usr/local/bin/app linux/amd64 linux/arm64
#case cargo with a target for each platform
#file Cargo.toml [package]\nname = "idx"
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN case "$TARGETARCH" in amd64) T=x86_64-unknown-linux-musl ;; arm64) T=aarch64-unknown-linux-musl ;; esac; rustup target add $T && cargo build --release --target $T && cp target/$T/release/idx /idx
FROM scratch
COPY --from=build /idx /idx
#is /idx linux/amd64 linux/arm64
#case cargo without a target
#file Cargo.toml [package]\nname = "idx"
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
WORKDIR /src
COPY . .
RUN cargo build --release
FROM debian:bookworm
COPY --from=build /src/target/release/idx /idx
#is /idx linux/amd64 linux/amd64
#case cargo in the target's stage
#file Cargo.toml [package]\nname = "idx"
FROM rust:1.90 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/src/target cargo build --release && cp target/release/idx /idx
FROM debian:bookworm
COPY --from=build /idx /idx
#is /idx linux/amd64 linux/arm64
#case CARGO_BUILD_TARGET
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
WORKDIR /src
ENV CARGO_BUILD_TARGET=aarch64-unknown-linux-gnu
RUN cargo build --release
FROM debian:bookworm
COPY --from=build /src/target/aarch64-unknown-linux-gnu/release/idx /idx
#is /idx linux/arm64 linux/arm64
#case a pattern over targets
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
ARG TARGETARCH
WORKDIR /src
RUN if [ "$TARGETARCH" = arm64 ]; then cargo build --release --target aarch64-unknown-linux-gnu; else cargo build --release --target x86_64-unknown-linux-gnu; fi && cp target/*/release/idx /idx
FROM debian:bookworm
COPY --from=build /idx /idx
#is /idx linux/amd64 linux/arm64
#case a target that a command makes
FROM --platform=$BUILDPLATFORM rust:1.90 AS build
WORKDIR /src
RUN T=$(cat target.txt) && cargo build --release --target $T && cp target/$T/release/idx /idx
FROM debian:bookworm
COPY --from=build /idx /idx
#is /idx unknown unknown
#case gcc on the builder
#file a.c x
FROM --platform=$BUILDPLATFORM gcc:15 AS build
COPY a.c .
RUN gcc -O2 -o /a a.c
FROM debian:bookworm
COPY --from=build /a /a
#is /a linux/amd64 linux/amd64
#case gcc in the target's stage
#file a.c x
FROM gcc:15 AS build
COPY a.c .
RUN gcc -O2 a.c -o /a
FROM debian:bookworm
COPY --from=build /a /a
#is /a linux/amd64 linux/arm64
#case clang with a target
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
ARG TARGETARCH
RUN clang --target=$([ "$TARGETARCH" = arm64 ] && echo aarch64-linux-gnu || echo x86_64-linux-gnu) -o /a a.c
FROM debian:bookworm
COPY --from=build /a /a
#is /a linux/amd64 linux/arm64
#case zig cc
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN zig cc -target aarch64-linux-musl -o /a a.c
FROM scratch
COPY --from=build /a /a
#is /a linux/arm64 linux/arm64
#case xx-clang
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
ARG TARGETPLATFORM
RUN xx-apt-get install -y libc6-dev && xx-clang -o /a a.c && xx-verify /a
FROM debian:bookworm
COPY --from=build /a /a
#is /a linux/amd64 linux/arm64
#case make is not modelled
#file Makefile all:
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
WORKDIR /src
COPY . .
RUN make && make install DESTDIR=/out
FROM debian:bookworm
COPY --from=build /out/usr/bin/t /usr/bin/t
#is /usr/bin/t unknown unknown
#case a launcher of .NET
#file Api.csproj x
FROM --platform=$BUILDPLATFORM ubuntu:24.04 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN dotnet publish -a $TARGETARCH -c Release -o /app
FROM ubuntu:24.04
COPY --from=build /app /app
#is /app/Api linux/amd64 linux/arm64
#is /app/Api.dll any any
#case a launcher for the builder
#file Api.csproj x
FROM --platform=$BUILDPLATFORM ubuntu:24.04 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /app
FROM ubuntu:24.04
COPY --from=build /app /app
#is /app/Api linux/amd64 linux/amd64
#case javac
#file A.java x
FROM --platform=$BUILDPLATFORM eclipse-temurin:21 AS build
COPY A.java .
RUN javac -d /out A.java
FROM eclipse-temurin:21
COPY --from=build /out /app
#is /app/A.class any any
#case maven
#file pom.xml x
FROM --platform=$BUILDPLATFORM maven:3 AS build
WORKDIR /src
COPY . .
RUN mvn -q package
FROM eclipse-temurin:21
COPY --from=build /src/target/app.jar /app.jar
#is /app.jar any any
#case jlink
FROM --platform=$BUILDPLATFORM eclipse-temurin:21 AS build
RUN jlink --add-modules java.base --output /jre
FROM debian:bookworm
COPY --from=build /jre /opt/jre
#is /opt/jre/bin/java linux/amd64 linux/amd64
#case an archive into a folder
FROM debian:bookworm
ARG TARGETARCH
RUN curl -fsSL https://example.com/tool-linux-${TARGETARCH}.tar.gz | tar -xz -C /opt/tool
#is /opt/tool/bin/tool linux/amd64 linux/arm64
#case one member of an archive
FROM debian:bookworm
RUN curl -fsSL https://example.com/tool_x86_64.tgz | tar xz -C /usr/local/bin tool
#is /usr/local/bin/tool linux/amd64 linux/amd64
#case mapped names
FROM debian:bookworm
ARG TARGETARCH
RUN ARCH=$(echo $TARGETARCH | sed 's/amd64/x86_64/;s/arm64/aarch64/') && curl -fLo /usr/local/bin/t https://example.com/t-$ARCH
#is /usr/local/bin/t linux/amd64 linux/arm64
#case uname in the target's stage
FROM debian:bookworm
RUN curl -fLo /usr/local/bin/t https://example.com/t-$(uname -m)
#is /usr/local/bin/t linux/amd64 linux/arm64
#case uname on the builder
FROM --platform=$BUILDPLATFORM debian:bookworm AS get
RUN wget -O /t https://example.com/t-$(dpkg --print-architecture)
FROM debian:bookworm
COPY --from=get /t /t
#is /t linux/amd64 linux/amd64
#case an unknown test
FROM debian:bookworm
RUN if [ -f /etc/special ]; then wget -O /t https://example.com/t-amd64; else wget -O /t https://example.com/t-arm64; fi
#is /t unknown unknown
#case a fallback address
FROM debian:bookworm
RUN wget -O /t https://a.example.com/t-amd64 || wget -O /t https://b.example.com/t-amd64
#is /t linux/amd64 linux/amd64
#case a script from the Dockerfile
FROM debian:bookworm
COPY <<EOF /start.sh
#!/bin/sh
exec app
EOF
RUN echo hello > /etc/motd
#is /start.sh any any
#is /etc/motd any any
#case a bind mount
#file bin/app elf:linux/arm64
FROM debian:bookworm
RUN --mount=type=bind,source=bin,target=/mnt cp /mnt/app /usr/bin/app
#is /usr/bin/app linux/arm64 linux/arm64
#case a mount of a stage
#file go.mod module x/app
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN GOARCH=$TARGETARCH CGO_ENABLED=0 go build -o /out/app
FROM debian:bookworm
RUN --mount=from=build,source=/out,target=/mnt install -m 755 /mnt/app /usr/bin/app
#is /usr/bin/app linux/amd64 linux/arm64
#case the default name of go build
#file go.mod module example.com/hello
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN go build
FROM debian:bookworm
COPY --from=build /src/hello /hello
#is /hello linux/amd64 linux/arm64
#case programs of a folder
#file go.mod module example.com/hello
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN GOARCH=$TARGETARCH go build -o /out/ ./cmd/...
FROM debian:bookworm
COPY --from=build /out/ /usr/local/bin/
#is /usr/local/bin/tool unknown unknown
#case moved and linked
#file a elf:linux/amd64
FROM debian:bookworm
COPY a /tmp/a
RUN mv /tmp/a /usr/bin/a && ln -s /usr/bin/a /usr/bin/b
#is /usr/bin/a linux/amd64 linux/amd64
#is /usr/bin/b linux/amd64 linux/amd64
#is /tmp/a - -
#case removed
#file a elf:linux/amd64
FROM debian:bookworm
COPY a /tmp/a
RUN rm -rf /tmp/a
#is /tmp/a - -
#case wheels
#file w/a-1-py3-none-any.whl x
#file w/b-1-cp313-cp313-manylinux_2_17_x86_64.whl PK\u{3}
FROM python:3.13
COPY w /w
#is /w/a-1-py3-none-any.whl any any
#is /w/b-1-cp313-cp313-manylinux_2_17_x86_64.whl linux/amd64 linux/amd64
#case WebAssembly of Go
#file go.mod module example.com/w
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN GOOS=js GOARCH=wasm go build -o /out/main.wasm .
FROM nginx:1.31
COPY --from=build /out/main.wasm /usr/share/nginx/html/main.wasm
#is /usr/share/nginx/html/main.wasm any any
#case for another system
#file go.mod module example.com/w
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN GOOS=darwin GOARCH=arm64 go build -o /out/w .
FROM debian:bookworm
COPY --from=build /out/w /dl/w
#is /dl/w darwin/arm64 darwin/arm64
#case CGO without a compiler
#file go.mod module example.com/w
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN CGO_ENABLED=1 GOARCH=$TARGETARCH go build -o /out/w .
FROM debian:bookworm
COPY --from=build /out/w /w
#is /w linux/amd64 unknown
#case the build fails on one platform
FROM debian:bookworm
ARG TARGETARCH
RUN [ "$TARGETARCH" = amd64 ] || exit 1
RUN echo x > /a
#is /a any -
#case a stage on a stage
#file a elf:linux/arm64
FROM debian:bookworm AS one
COPY a /usr/bin/a
FROM one
ENTRYPOINT ["a"]
#is /usr/bin/a linux/arm64 linux/arm64
#case a build argument chooses
#arg CPU=arm64
FROM debian:bookworm
ARG CPU=amd64
RUN curl -o /t https://example.com/t-linux-$CPU
#is /t linux/arm64 linux/arm64
#case an AOT program of .NET
#file Api.csproj x
FROM --platform=$BUILDPLATFORM ubuntu:24.04 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -r linux-arm64 -p:PublishAot=true -o /app
FROM ubuntu:24.04
COPY --from=build /app/Api /Api
#is /Api linux/arm64 linux/arm64
#case two compilers of one name
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
ARG TARGETARCH
RUN CC=gcc; [ "$TARGETARCH" = arm64 ] && CC=aarch64-linux-gnu-gcc; $CC -o /a a.c
FROM debian:bookworm
COPY --from=build /a /a
#is /a linux/amd64 linux/arm64
#case a script that is downloaded and run
FROM debian:bookworm AS get
RUN curl -fsSL https://example.com/install.sh | sh
FROM debian:bookworm
COPY --from=get /usr/local/bin/tool /usr/local/bin/tool
#is /usr/local/bin/tool unknown unknown
#case a loop over platforms
#file go.mod module example.com/w
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN for a in amd64 arm64; do GOARCH=$a go build -o /out/$a/w .; done
FROM debian:bookworm
ARG TARGETARCH
COPY --from=build /out/$TARGETARCH/w /w
#is /w linux/amd64 linux/arm64
"#;
