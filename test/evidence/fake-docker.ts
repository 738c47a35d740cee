import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * In the place of docker: writes down what it is asked, in which directory, and builds what lies as `image.tar` in the build context, or
 * fails as the file `fail` there says.
 */
const SCRIPT = `#!/bin/bash
home=$(dirname "$0")
{ printf '%s\\0' "$PWD" "$@" | base64 -w0; echo; } >> "$home/calls"
verb=$1
[ -e "$home/hang-$verb" ] && { echo -n part; echo $$ > "$home/.hanging"; mv "$home/.hanging" "$home/hanging"; exec sleep 600; }
case "$verb" in
  inspect) [ -e "$home/images/$2" ] && exit 0; echo "Error: No such object: $2" >&2; exit 1 ;;
  save) [ -e "$home/images/$2" ] && exec cat "$home/images/$2"; echo "Error response from daemon: No such image: $2" >&2; exit 1 ;;
  build)
    while [ "$1" != --tag ]; do shift; done
    [ -e fail ] && { echo '#5 [2/2] RUN make'; cat fail; exit 17; } >&2
    cp image.tar "$home/images/$2" ;;
  *) exit 125 ;;
esac
`;

/** What docker was asked. */
export interface DockerCall {
  readonly directory: string;
  readonly args: readonly string[];
}

/** A stand-in for docker in a folder of its own. */
export class FakeDocker {
  /** What to set `CDK_DOCKER` to. */
  public readonly path: string;

  public constructor(private readonly folder: string) {
    mkdirSync(join(folder, 'images'), { recursive: true });
    writeFileSync(join(folder, 'calls'), '');
    this.path = join(folder, 'docker');
    writeFileSync(this.path, SCRIPT);
    chmodSync(this.path, 0o755);
  }

  /** All calls of one verb, or all there were. */
  public calls(verb?: string): DockerCall[] {
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').trim().split('\n');
    const calls = lines.filter((line) => line !== '').map(callOf);
    return verb === undefined ? calls : calls.filter(({ args }) => args[0] === verb);
  }

  /** Has the next calls of a verb give a part of the answer, and then nothing. */
  public hangOn(verb: string): void {
    writeFileSync(join(this.folder, `hang-${verb}`), '');
  }

  /** The file that is there once docker hangs; its process id is in it. */
  public get hanging(): string {
    return join(this.folder, 'hanging');
  }

  /** Puts an image into the daemon. */
  public load(name: string, archive: Buffer): void {
    writeFileSync(join(this.folder, 'images', name), archive);
  }
}

function callOf(line: string): DockerCall {
  const [directory, ...args] = Buffer.from(line, 'base64').toString().split('\0').slice(0, -1);
  return { directory, args };
}
