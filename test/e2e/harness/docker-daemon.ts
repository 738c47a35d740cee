import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const DOCKERD = '/usr/sbin/dockerd';
export const DOCKER = '/usr/bin/docker';

const START_LIMIT_MS = 60_000;

/** Why this machine cannot run the tests; undefined when it can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root, to start a Docker daemon of its own';
  const missing = [DOCKERD, DOCKER, '/usr/bin/apt-get', '/usr/bin/dpkg-deb'].filter((path) => !existsSync(path));
  return missing.length > 0 ? `needs ${missing.join(', ')}` : undefined;
}

/**
 * A Docker daemon with a socket, a data folder and a network bridge of its own: it neither sees nor disturbs another one
 * on the machine, and nothing of it is left when it has stopped.
 */
export class DockerDaemon {
  /** What a Docker client's environment must say to talk to this daemon. */
  public readonly environment: Readonly<Record<string, string>>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'distroless-dockerd-'));
  private readonly bridge = `dless${process.pid}`.slice(0, 15);
  private process?: ChildProcess;

  public constructor() {
    const client = join(this.folder, 'client');
    mkdirSync(client);
    this.environment = { DOCKER_HOST: `unix://${this.socket}`, DOCKER_CONFIG: client, CDK_DOCKER: DOCKER };
  }

  public async start(): Promise<void> {
    this.addBridge();
    writeFileSync(join(this.folder, 'daemon.json'), JSON.stringify(this.configuration()));
    const log = openSync(this.log, 'a');
    const args = ['--config-file', join(this.folder, 'daemon.json')];
    this.process = spawn(DOCKERD, args, { stdio: ['ignore', log, log] });
    await this.answering();
  }

  public async stop(): Promise<void> {
    const daemon = this.process;
    if (daemon?.exitCode === null) {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      await Promise.race([ended, sleep(20_000, undefined, { ref: false })]);
      daemon.kill('SIGKILL');
    }
    if (existsSync(`/sys/class/net/${this.bridge}`)) execFileSync('ip', ['link', 'delete', this.bridge]);
    this.unmount();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get socket(): string {
    return join(this.folder, 'docker.sock');
  }

  private get log(): string {
    return join(this.folder, 'dockerd.log');
  }

  private configuration(): object {
    return {
      hosts: [`unix://${this.socket}`],
      'data-root': join(this.folder, 'data'),
      'exec-root': join(this.folder, 'exec'),
      pidfile: join(this.folder, 'dockerd.pid'),
      bridge: this.bridge,
      // A client of Docker 20 asks the daemon whether to use BuildKit; newer ones do so anyway.
      features: { buildkit: true },
    };
  }

  private addBridge(): void {
    const subnet = freeSubnet();
    execFileSync('ip', ['link', 'add', 'name', this.bridge, 'type', 'bridge']);
    execFileSync('ip', ['address', 'add', `${subnet}.1/24`, 'dev', this.bridge]);
    execFileSync('ip', ['link', 'set', this.bridge, 'up']);
  }

  private async answering(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!this.answers()) {
      if (Date.now() > deadline || this.process?.exitCode !== null) {
        throw new Error(`dockerd does not answer; the end of its log:\n${readFileSync(this.log, 'utf8').slice(-4000)}`);
      }
      await sleep(200);
    }
  }

  private answers(): boolean {
    try {
      execFileSync(DOCKER, ['version'], { stdio: 'ignore', env: { ...process.env, ...this.environment } });
      return true;
    } catch {
      return false;
    }
  }

  /** A daemon that had to be killed leaves mounts behind, and nobody can delete a mount point. */
  private unmount(): void {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').matchAll(/^\S+ (\S+) /gm);
    const ours = [...mounts].map((match) => match[1]).filter((path) => path.startsWith(this.folder));
    for (const path of ours.reverse()) execFileSync('umount', ['--lazy', path]);
  }
}

/** The first /24 of a corner of 10/8 that no interface of the machine has. */
function freeSubnet(): string {
  const taken = execFileSync('ip', ['-4', 'route'], { encoding: 'utf8' });
  for (let third = 0; third < 256; third++) {
    const subnet = `10.213.${third}`;
    if (!taken.includes(`${subnet}.`)) return subnet;
  }
  throw new Error('no free subnet below 10.213.0.0/16 for the containers');
}
