# syntax=docker/dockerfile:1
# docker build -t nrdot-console . && docker run -p 8080:8080 -p 4317:4317 -p 4318:4318 -v nrdot-data:/data nrdot-console

FROM node:22-bookworm-slim AS assets
WORKDIR /src/wwwroot-assets
COPY wwwroot-assets/package.json wwwroot-assets/package-lock.json wwwroot-assets/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY wwwroot-assets/ ./
RUN node build.mjs --out /out

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY Directory.Build.props Directory.Packages.props BannedSymbols.txt global.json .editorconfig appsettings.json ./
COPY src/ src/
COPY wwwroot-assets/package.json wwwroot-assets/package-lock.json wwwroot-assets/build.mjs wwwroot-assets/
# The bundle comes from the stage before: this one needs no Node.
COPY --from=assets /out/ src/NrdotConsole.App/wwwroot/assets/
RUN dotnet restore src/NrdotConsole.App --locked-mode \
 && dotnet publish src/NrdotConsole.App -c Release --no-restore -o /app -p:BuildClientAssets=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
WORKDIR /app
COPY --from=build /app ./
ENV Console__DataDirectory=/data \
    DOTNET_gcServer=0 \
    ASPNETCORE_HTTP_PORTS=
USER root
RUN mkdir -p /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
EXPOSE 8080 4317 4318 4320
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["dotnet", "NrdotConsole.App.dll", "health"]
ENTRYPOINT ["dotnet", "NrdotConsole.App.dll"]
