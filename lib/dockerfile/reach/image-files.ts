import type { BroughtTool, ImageDescription, SourceLocation } from '../analysis';
import type { Evidence, FileSystem } from './evidence';
import { holdsShell, isSystemCommand, isSystemDirectory, shellIn, toolByName } from './known-paths';
import type { ManagerHome } from './manager-homes';
import { managerAt, managerHome } from './manager-homes';
import { fixedPart, isPattern, isWithin, matchesPath } from './path-pattern';

/** Images in which every command is a link to one program that is a shell, too. */
const BUSYBOX_IMAGE = /(?:^|\/)busybox(?:[:@]|$)/;
const BUSYBOX_COMMANDS = /(?:^|\/)(?:busybox|alpine)(?:[:@]|$)/;

/** The files of an image, of which nothing is known but whether it has a shell. */
export class ImageFiles implements FileSystem {
  private readonly manager?: ManagerHome;

  public constructor(
    protected readonly reference: string,
    protected readonly description: ImageDescription,
    public readonly trace: readonly SourceLocation[],
  ) {
    this.manager = managerHome(reference);
  }

  public get label(): string {
    return this.reference;
  }

  public contentOf(): undefined {
    return undefined;
  }

  public typeOf(path: string): 'file' | 'directory' | undefined {
    if (isSystemDirectory(path)) return 'directory';
    return toolByName(path, 'path') === undefined ? undefined : 'file';
  }

  public look(path: string): readonly Evidence[] {
    if (this.description.hasShell === false) return [];
    if (isPattern(path)) return this.lookForPattern(path);
    const tool = toolByName(path, this.description.hasShell === true ? 'source-image' : 'path');
    if (tool !== undefined) return [this.found(tool)];
    const manager = managerAt(this.manager, path);
    const managers = manager === undefined ? [] : [this.found(manager)];
    if (isSystemCommand(path)) return [...managers, this.command(path)];
    return isSystemDirectory(path) ? [...managers, this.directory(path)] : managers;
  }

  /** The shell lies at `/bin/sh` and at `/usr/bin/sh` in nearly all images; a pattern that takes one of them along takes it. */
  private lookForPattern(pattern: string): readonly Evidence[] {
    const directory = fixedPart(pattern);
    const taken = ['/bin', '/usr', '/bin/sh', '/usr/bin', '/usr/bin/sh', '/busybox/sh'].find((path) => {
      return matchesPath(pattern, path);
    });
    if (taken !== undefined && this.description.hasShell === true) {
      const path = holdsShell(taken) ? shellIn(taken) : taken;
      return [this.found({ category: 'shell', kind: this.shellKind(), path, by: 'source-image' })];
    }
    const inSystem = isSystemDirectory(directory) || isSystemCommand(directory);
    return inSystem ? [this.unproven(`${pattern} may match a shell of ${this.reference}`)] : [];
  }

  private directory(path: string): Evidence {
    if (this.description.hasShell !== true || !holdsShell(path)) {
      return this.unproven(`${path} of ${this.reference} may hold a shell`);
    }
    return this.found({ category: 'shell', kind: this.shellKind(), path: shellIn(path), by: 'source-image' });
  }

  private command(path: string): Evidence {
    const link = BUSYBOX_IMAGE.test(this.reference) || (BUSYBOX_COMMANDS.test(this.reference) && isApplet(path));
    if (!link) return this.unproven(`${path} of ${this.reference} may be a link to a shell`);
    return this.found({ category: 'shell', kind: 'busybox', path, by: 'source-image' });
  }

  private shellKind(): string {
    return BUSYBOX_COMMANDS.test(this.reference) ? 'busybox' : 'sh';
  }

  private found(tool: BroughtTool): Evidence {
    const what = tool.category === 'shell' ? 'a shell' : 'a package manager';
    const reason = `${tool.path} of ${this.reference} is ${what}`;
    return { verdict: 'violation', reason, tool, trace: this.trace };
  }

  protected unproven(reason: string): Evidence {
    return { verdict: 'unproven', reason, trace: this.trace };
  }
}

/** Data of the system that people copy out of images of distributions: certificates, time zones, users, MIME types. */
const SYSTEM_DATA =
  /^\/(?:etc\/(?:ssl|pki|ca-certificates)(?:\/|$)|usr\/share\/(?:ca-certificates|zoneinfo)(?:\/|$)|etc\/(?:passwd|group|nsswitch\.conf|services|protocols|mime\.types|localtime|timezone)$)/;

/** The files of an image from which is copied as it is: no stage has built anything in it, and any name may be that of a shell. */
export class UntouchedImageFiles extends ImageFiles {
  public override look(path: string): readonly Evidence[] {
    const evidence = super.look(path);
    const { hasShell } = this.description;
    if (evidence.length > 0 || hasShell === false) return evidence;
    if (hasShell === true && SYSTEM_DATA.test(path)) return [];
    const why = hasShell === true ? 'has a shell' : 'is not known to be without a shell';
    return [this.unproven(`${path} is taken as it is from ${this.reference}, which ${why}`)];
  }
}

/** The commands of Alpine's base that are links to busybox and that people copy out of it. */
const APPLETS = new Set(
  `arch ash awk base64 basename bc bunzip2 bzip2 cat chgrp chmod chown chroot cksum clear cmp cp cpio crond cut date dd df diff
   dirname dmesg dos2unix du echo ed egrep env expr false fgrep find flock fold free fuser getopt grep groups gunzip gzip head
   hexdump hostname id install ip kill killall less ln logger ls lsof lzma md5sum mkdir mkfifo mknod mktemp more mount mv nc netstat
   nice nl nohup nproc nslookup od paste patch pgrep ping ping6 pkill printenv printf ps pwd readlink realpath renice reset rev rm
   rmdir sed seq sha1sum sha256sum sha512sum shuf sleep sort split stat strings stty su sum swapoff swapon sync sysctl tac tail tar
   tee telnet test time timeout top touch tr traceroute true truncate tty umount uname uniq unix2dos unlzma unxz unzip uptime usleep
   vi watch wc wget which who whoami xargs xxd xz xzcat yes zcat`.split(/\s+/),
);

function isApplet(path: string): boolean {
  return isWithin(path, '/busybox') || APPLETS.has(path.slice(path.lastIndexOf('/') + 1));
}
