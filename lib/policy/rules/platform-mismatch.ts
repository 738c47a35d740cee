import type { Rule } from '../rule';

const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64' };

export const PLATFORM_MISMATCH: Rule = {
  id: 'PlatformMismatch',
  failsWhen: "the image's platform and the one that the task or function runs on differ",
  defaultSeverity: 'error',

  check({ use, facts }) {
    const wanted = use.settings.platform;
    const built = facts.platform;
    if (!wanted || !built || comparable(wanted) === comparable(built)) return [];
    return [
      {
        message: `the image is built for ${built}, and runs on ${wanted}`,
        trace: [],
        fix: `build it for ${wanted} (architecture of the image constructs, platform of an asset), or run it on ${built}`,
      },
    ];
  },
};

/** Operating system and architecture; variants (`arm64/v8`) run on the same machines. */
function comparable(platform: string): string {
  const [system, architecture = ''] = platform.toLowerCase().split('/');
  return `${system}/${ARCHITECTURES[architecture] ?? architecture}`;
}
