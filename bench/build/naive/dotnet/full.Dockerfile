FROM mcr.microsoft.com/dotnet/sdk:10.0-noble
WORKDIR /app
COPY . .
RUN dotnet publish src/Api -c Release -o out
CMD ["dotnet", "out/Api.dll"]
