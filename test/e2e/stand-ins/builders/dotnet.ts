import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOTNET_HOME, dotnetSdk, installOpenssl, OPENSSL_RECIPE, SDK_VERSION } from '../dotnet/dotnet-sdk';
import { addRuntimePacks } from '../dotnet/runtime-packs';
import type { ImageTree } from '../image-tree';
import { type Builder, PATH } from './builder';

const FEED = 'usr/local/share/nuget';

/** `--arch` came with SDK 6; to the older ones it is a runtime identifier. */
const DOTNET = `#!/bin/sh
previous=
for argument; do
  shift
  case "$previous $argument" in
    *' --arch') ;;
    '--arch amd64') set -- "$@" --runtime linux-x64 ;;
    *) set -- "$@" "$argument" ;;
  esac
  previous=$argument
done
exec /${DOTNET_HOME}/dotnet "$@"
`;

/** For the whole machine, as a build may mount a configuration of the user's. NuGet adds its registry unless that is switched off. */
const NUGET_CONFIG = `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="runtime packs" value="/${FEED}" />
  </packageSources>
  <disabledPackageSources>
    <add key="nuget.org" value="true" />
  </disabledPackageSources>
</configuration>
`;

/** `mcr.microsoft.com/dotnet/sdk:10.0-noble`: the SDK 3.1 of npm on Debian 13, without PowerShell and ICU. */
export async function dotnetBuilder(): Promise<Builder> {
  const sdk = await dotnetSdk();
  const packs = readFileSync(join(dirname(__dirname), 'dotnet/runtime-packs.ts'), 'utf8');
  return {
    reference: 'mcr.microsoft.com/dotnet/sdk:10.0-noble',
    packages: ['ca-certificates', 'curl', 'git', 'libstdc++6', 'tzdata', 'zlib1g'],
    ingredients: [sdk.path, OPENSSL_RECIPE, packs, readFileSync(__filename, 'utf8')],
    arrange: async (tree) => {
      await tree.unpack(sdk.path, DOTNET_HOME);
      tree.write('usr/bin/dotnet', DOTNET, 0o755);
      await installOpenssl(tree);
      await addFeed(tree);
    },
    config: {
      Env: [
        `PATH=${PATH}`,
        'APP_UID=1654',
        'DOTNET_RUNNING_IN_CONTAINER=true',
        'DOTNET_GENERATE_ASPNET_CERTIFICATE=false',
        'DOTNET_NOLOGO=true',
        `DOTNET_SDK_VERSION=${SDK_VERSION}`,
        'DOTNET_USE_POLLING_FILE_WATCHER=true',
        'NUGET_XMLDOC_MODE=skip',
        'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1',
        'DOTNET_CLI_TELEMETRY_OPTOUT=1',
      ],
      Cmd: ['bash'],
    },
  };
}

async function addFeed(tree: ImageTree): Promise<void> {
  await addRuntimePacks(tree.path(DOTNET_HOME), tree.path(FEED));
  tree.write('etc/opt/NuGet/Config/runtime-packs.config', NUGET_CONFIG);
}
