import { pullThroughMirrors } from './mirrors';
import { formatReference, isDigest, nameOf, tryParseReference } from './reference';

/** The language runtime that a base brings. */
export enum BaseRuntime {
  /** None: for programs that are complete in themselves. */
  NONE = 'none',
  /** The libraries that a Java runtime of your own needs, and no Java. */
  JAVA_LIBRARIES = 'java-libraries',
  /** A Java runtime. */
  JAVA = 'java',
  /** Node.js, without npm. */
  NODEJS = 'nodejs',
  /** CPython, without pip. */
  PYTHON = 'python',
  /** The libraries that a self-contained or ahead-of-time compiled .NET program needs. */
  DOTNET_LIBRARIES = 'dotnet-libraries',
  /** The .NET runtime. */
  DOTNET = 'dotnet',
  /** The .NET runtime and ASP.NET Core. */
  ASPNET = 'aspnet',
  /** Ruby. */
  RUBY = 'ruby',
  /** PHP. */
  PHP = 'php',
  /** The nginx web server. */
  NGINX = 'nginx',
}

/** The C library that a base brings. */
export enum BaseLibc {
  /** None: only statically linked programs start. */
  NONE = 'none',
  /** The GNU C library. */
  GLIBC = 'glibc',
  /** musl, as in Alpine. */
  MUSL = 'musl',
}

/** What programs are built with before they are copied onto a base. */
export enum BuildTool {
  /** Node.js with npm. */
  NODEJS = 'nodejs',
  /** The Go tool chain. */
  GO = 'go',
  /** CPython with pip. */
  PYTHON = 'python',
  /** A JDK with Maven. */
  MAVEN = 'maven',
  /** A JDK with Gradle. */
  GRADLE = 'gradle',
  /** The Rust tool chain. */
  RUST = 'rust',
  /** The .NET SDK. */
  DOTNET = 'dotnet',
  /** A Debian to install compilers on. */
  DEBIAN = 'debian',
}

/** What is known of a base that the catalogue does not hold. */
export interface CustomBaseOptions {
  /**
   * The language runtime in it.
   *
   * @default BaseRuntime.NONE
   */
  readonly runtime?: BaseRuntime;

  /**
   * Version of the runtime, as far as programs depend on it: `24`, `3.13`.
   *
   * @default - not known
   */
  readonly runtimeVersion?: string;

  /**
   * The user it runs as, numeric.
   *
   * @default '65532'
   */
  readonly user?: string;

  /**
   * Its entrypoint.
   *
   * @default - none
   */
  readonly entrypoint?: string[];

  /**
   * The C library in it.
   *
   * @default BaseLibc.GLIBC
   */
  readonly libc?: BaseLibc;

  /**
   * Code name of the distribution's release that it is made of: `trixie`, `noble`.
   *
   * Builder images are chosen to match it.
   *
   * @default - not known; builders are those of Debian trixie
   */
  readonly release?: string;

  /**
   * The architectures it is published for, in Docker's words.
   *
   * @default ['amd64', 'arm64']
   */
  readonly architectures?: string[];

  /**
   * ISO date of its last security update.
   *
   * @default - not known
   */
  readonly endOfLife?: string;
}

/** What is known of a base. Sources: `lib/bases/catalogue`, by family. */
interface BaseFacts {
  readonly reference: string;
  readonly family: string;
  /** Path that a mirror takes the place of: `gcr.io/distroless`. */
  readonly home: string;
  readonly runtime?: BaseRuntime;
  readonly runtimeVersion?: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly libc?: BaseLibc;
  readonly release?: string;
  readonly architectures?: readonly string[];
  readonly endOfLife?: string;
}

/** Releases of Debian, for which the languages publish builder images. */
const DEBIAN_RELEASES = ['bookworm', 'trixie'];

/** Where builders come from when the base is of a distribution that the languages publish none for. */
const DEFAULT_RELEASE = 'trixie';

const AMD_AND_ARM = ['amd64', 'arm64'];
const GOOGLE_SYSTEM = ['amd64', 'arm64', 'arm', 's390x', 'ppc64le', 'riscv64'];
const GOOGLE_JAVA = ['amd64', 'arm64', 's390x', 'ppc64le', 'riscv64'];
const GOOGLE_NODEJS = ['amd64', 'arm64', 's390x', 'ppc64le'];

/** https://github.com/nodejs/Release#release-schedule; Google drops a Node.js release when Node.js does. */
const NODEJS_END_OF_LIFE = { 22: '2027-04-30', 24: '2028-04-30', 26: '2029-04-30' };

/** https://dotnet.microsoft.com/platform/support/policy */
const DOTNET_10_END_OF_LIFE = '2028-11-14';

function google(image: string, facts: Partial<BaseFacts>): BaseFacts {
  return {
    family: 'Google distroless',
    home: 'gcr.io/distroless',
    reference: `gcr.io/distroless/${image}-debian13:nonroot`,
    user: '65532',
    libc: BaseLibc.GLIBC,
    release: 'trixie',
    architectures: GOOGLE_SYSTEM,
    ...facts,
  };
}

function googleJava(version: string): BaseFacts {
  return google(`java${version}`, {
    runtime: BaseRuntime.JAVA,
    runtimeVersion: version,
    entrypoint: ['/usr/bin/java', '-jar'],
    architectures: GOOGLE_JAVA,
  });
}

function googleNodejs(version: keyof typeof NODEJS_END_OF_LIFE): BaseFacts {
  return google(`nodejs${version}`, {
    runtime: BaseRuntime.NODEJS,
    runtimeVersion: `${version}`,
    entrypoint: ['/nodejs/bin/node'],
    architectures: version === 22 ? [...GOOGLE_NODEJS, 'arm'] : GOOGLE_NODEJS,
    endOfLife: NODEJS_END_OF_LIFE[version],
  });
}

function chainguard(image: string, facts: Partial<BaseFacts>): BaseFacts {
  return {
    family: 'Chainguard Containers',
    home: 'cgr.dev/chainguard',
    reference: `cgr.dev/chainguard/${image}:latest`,
    user: '65532',
    libc: BaseLibc.GLIBC,
    release: 'wolfi',
    ...facts,
  };
}

function hardened(image: string, facts: Partial<BaseFacts>): BaseFacts {
  return {
    family: 'Docker Hardened Images',
    home: 'dhi.io',
    reference: `dhi.io/${image}-debian13`,
    user: '65532',
    libc: BaseLibc.GLIBC,
    release: 'trixie',
    ...facts,
  };
}

function chiselled(image: string, runtime: BaseRuntime, tag: string, entrypoint: string[]): BaseFacts {
  return {
    family: '.NET chiselled',
    home: 'mcr.microsoft.com/dotnet',
    reference: `mcr.microsoft.com/dotnet/${image}:${tag}`,
    runtime,
    runtimeVersion: '10.0',
    user: '1654',
    entrypoint,
    libc: BaseLibc.GLIBC,
    release: 'noble',
    architectures: ['amd64', 'arm64', 'arm'],
    endOfLife: DOTNET_10_END_OF_LIFE,
  };
}

function eksDistro(image: string, facts: Partial<BaseFacts>): BaseFacts {
  return {
    family: 'EKS Distro minimal',
    home: 'public.ecr.aws/eks-distro-build-tooling',
    reference: `public.ecr.aws/eks-distro-build-tooling/${image}:latest-al23`,
    libc: BaseLibc.GLIBC,
    release: 'al2023',
    ...facts,
  };
}

/**
 * A distroless image to build on.
 *
 * The facts come from the definitions that the images are built from. Tags move: pin a base with `pinnedTo`, or let
 * `cdk-distroless lock` do it.
 */
export class DistrolessBase {
  /** Google's image for statically linked programs; no libc. */
  public static readonly STATIC = new DistrolessBase(google('static', { libc: BaseLibc.NONE }));

  /** Google's image for glibc programs that do without OpenSSL. */
  public static readonly BASE_NOSSL = new DistrolessBase(google('base-nossl', {}));

  /** Google's image for glibc programs, with OpenSSL, zlib and zstd. */
  public static readonly BASE = new DistrolessBase(google('base', {}));

  /** Google's image for C++ and Rust: `BASE` with libstdc++, libgcc and libgomp. */
  public static readonly CC = new DistrolessBase(google('cc', {}));

  /** Google's image for a Java runtime of your own (jlink); has no Java and no OpenSSL. */
  public static readonly JAVA_BASE = new DistrolessBase(
    google('java-base', { runtime: BaseRuntime.JAVA_LIBRARIES, architectures: GOOGLE_JAVA }),
  );

  /** Google's image with the Temurin 17 runtime; the command is a jar. */
  public static readonly JAVA_17 = new DistrolessBase(googleJava('17'));

  /** Google's image with the Temurin 21 runtime; the command is a jar. */
  public static readonly JAVA_21 = new DistrolessBase(googleJava('21'));

  /** Google's image with the Temurin 25 runtime; the command is a jar. */
  public static readonly JAVA_25 = new DistrolessBase(googleJava('25'));

  /** Google's image with Node.js 22; the command is a script. */
  public static readonly NODEJS_22 = new DistrolessBase(googleNodejs(22));

  /** Google's image with Node.js 24; the command is a script. */
  public static readonly NODEJS_24 = new DistrolessBase(googleNodejs(24));

  /** Google's image with Node.js 26; the command is a script. */
  public static readonly NODEJS_26 = new DistrolessBase(googleNodejs(26));

  /** Google's image with Debian's Python 3.13; the command is a script or `-m module`. */
  public static readonly PYTHON_3 = new DistrolessBase(
    google('python3', {
      runtime: BaseRuntime.PYTHON,
      runtimeVersion: '3.13',
      entrypoint: ['/usr/bin/python3.13'],
      architectures: ['amd64', 'arm64', 'riscv64'],
    }),
  );

  /** Chainguard's free image for statically linked programs. */
  public static readonly CHAINGUARD_STATIC = new DistrolessBase(chainguard('static', { libc: BaseLibc.NONE }));

  /** Chainguard's free image for glibc programs. */
  public static readonly CHAINGUARD_GLIBC_DYNAMIC = new DistrolessBase(chainguard('glibc-dynamic', {}));

  /** Chainguard's free Python image; its tag follows the newest Python, 3.14 when the catalogue was made. */
  public static readonly CHAINGUARD_PYTHON = new DistrolessBase(
    chainguard('python', { runtime: BaseRuntime.PYTHON, runtimeVersion: '3.14', entrypoint: ['/usr/bin/python'] }),
  );

  /** Chainguard's free Java image, Java 26 when the catalogue was made. The entrypoint is java alone, without `-jar`. */
  public static readonly CHAINGUARD_JRE = new DistrolessBase(
    chainguard('jre', { runtime: BaseRuntime.JAVA, runtimeVersion: '26', entrypoint: ['/usr/bin/java'] }),
  );

  /** Chainguard's free ASP.NET Core image. Not to be mistaken for its dotnet-runtime, which has a shell. */
  public static readonly CHAINGUARD_ASPNET = new DistrolessBase(
    chainguard('aspnet-runtime', { runtime: BaseRuntime.ASPNET, entrypoint: ['/usr/bin/dotnet'] }),
  );

  /** Chainguard's free Ruby image. */
  public static readonly CHAINGUARD_RUBY = new DistrolessBase(
    chainguard('ruby', { runtime: BaseRuntime.RUBY, entrypoint: ['/usr/bin/ruby'] }),
  );

  /** Chainguard's free PHP image. */
  public static readonly CHAINGUARD_PHP = new DistrolessBase(
    chainguard('php', { runtime: BaseRuntime.PHP, entrypoint: ['/bin/php'] }),
  );

  /** Chainguard's free nginx image. */
  public static readonly CHAINGUARD_NGINX = new DistrolessBase(
    chainguard('nginx', { runtime: BaseRuntime.NGINX, entrypoint: ['/usr/sbin/nginx'] }),
  );

  /** Microsoft's chiselled Ubuntu for self-contained and ahead-of-time compiled .NET 10 programs. */
  public static readonly DOTNET_DEPS_10 = new DistrolessBase(
    chiselled('runtime-deps', BaseRuntime.DOTNET_LIBRARIES, '10.0-noble-chiseled', []),
  );

  /** Microsoft's chiselled .NET 10 runtime. */
  public static readonly DOTNET_RUNTIME_10 = new DistrolessBase(
    chiselled('runtime', BaseRuntime.DOTNET, '10.0-noble-chiseled', ['/usr/bin/dotnet']),
  );

  /** Microsoft's chiselled ASP.NET Core 10. */
  public static readonly DOTNET_ASPNET_10 = new DistrolessBase(
    chiselled('aspnet', BaseRuntime.ASPNET, '10.0-noble-chiseled', ['/usr/bin/dotnet']),
  );

  /** Microsoft's chiselled ASP.NET Core 10 with ICU and time zones. */
  public static readonly DOTNET_ASPNET_10_EXTRA = new DistrolessBase(
    chiselled('aspnet', BaseRuntime.ASPNET, '10.0-noble-chiseled-extra', ['/usr/bin/dotnet']),
  );

  /** Docker's hardened image for statically linked programs. Pulling from dhi.io needs `docker login dhi.io`. */
  public static readonly DHI_STATIC = new DistrolessBase(hardened('static:20250419', { libc: BaseLibc.NONE }));

  /** Docker's hardened Node.js 24. Has no entrypoint: the command starts with `node`. Runs as uid 1000. */
  public static readonly DHI_NODEJS_24 = new DistrolessBase(
    hardened('node:24', {
      runtime: BaseRuntime.NODEJS,
      runtimeVersion: '24',
      user: '1000',
    }),
  );

  /** Docker's hardened Python 3.12. Has no entrypoint: the command starts with `python3`. */
  public static readonly DHI_PYTHON_3_12 = new DistrolessBase(
    hardened('python:3.12', { runtime: BaseRuntime.PYTHON, runtimeVersion: '3.12' }),
  );

  /** Docker's hardened Python 3.14. Has no entrypoint: the command starts with `python3`. */
  public static readonly DHI_PYTHON_3_14 = new DistrolessBase(
    hardened('python:3.14', { runtime: BaseRuntime.PYTHON, runtimeVersion: '3.14' }),
  );

  /** Docker's hardened Temurin 25 runtime. Has no entrypoint: the command starts with `java`. */
  public static readonly DHI_JAVA_25 = new DistrolessBase(
    hardened('eclipse-temurin:25', { runtime: BaseRuntime.JAVA, runtimeVersion: '25' }),
  );

  /** AWS's EKS Distro minimal base with glibc, as a user that is not root. */
  public static readonly EKS_DISTRO_MINIMAL_NONROOT = new DistrolessBase(
    eksDistro('eks-distro-minimal-base-nonroot', { user: '65532' }),
  );

  /** AWS's EKS Distro minimal base with glibc; runs as root unless told otherwise. */
  public static readonly EKS_DISTRO_MINIMAL_GLIBC = new DistrolessBase(
    eksDistro('eks-distro-minimal-base-glibc', { user: '0' }),
  );

  /** The empty image: no certificates, no time zones, no /tmp, no users. */
  public static readonly SCRATCH = new DistrolessBase({
    family: 'scratch',
    home: '',
    reference: 'scratch',
    user: '0',
    libc: BaseLibc.NONE,
    architectures: GOOGLE_SYSTEM,
  });

  /** Every base that is offered by name, by its name here. */
  public static all(): { [name: string]: DistrolessBase } {
    return Object.fromEntries(Object.entries(DistrolessBase).filter(([, value]) => value instanceof DistrolessBase));
  }

  /**
   * A base that is not offered by name: an image of your own, or another version.
   *
   * A base that the catalogue does not know must also be approved by the policy (`approvedBases`).
   *
   * @param reference the image reference as it stands in a FROM line
   * @param options what is known of the image
   */
  public static custom(reference: string, options: CustomBaseOptions = {}): DistrolessBase {
    const parsed = tryParseReference(reference);
    if (!parsed) {
      throw new Error(
        `base '${reference}' is not an image reference; expected [registry/]repository[:tag][@sha256:digest], such as gcr.io/distroless/static-debian13:nonroot`,
      );
    }
    const home = nameOf(parsed).replace(/\/[^/]*$/, '');
    return new DistrolessBase({ family: 'custom', home, user: '65532', libc: BaseLibc.GLIBC, ...options, reference });
  }

  /** The reference, as it stands in a FROM line. */
  public readonly reference: string;

  /** The reference where the image is published, whatever mirror it is pulled from. */
  public readonly upstream: string;

  /** The family of images it belongs to: `Google distroless`. */
  public readonly family: string;

  /** The language runtime in it. */
  public readonly runtime: BaseRuntime;

  /** Version of the runtime, as far as programs depend on it: `24`, `3.13`. */
  public readonly runtimeVersion?: string;

  /** The user it runs as, numeric; undefined when that is not known. */
  public readonly user?: string;

  /** Its entrypoint; empty when it has none. */
  public readonly entrypoint: string[];

  /** The C library in it. */
  public readonly libc: BaseLibc;

  /** Code name of the distribution's release that it is made of: `trixie`. */
  public readonly release?: string;

  /** The architectures it is published for, in Docker's words: `amd64`. */
  public readonly architectures: string[];

  /** ISO date of its last security update, when one is set. */
  public readonly endOfLife?: string;

  private constructor(
    private readonly facts: BaseFacts,
    upstream: string = facts.reference,
  ) {
    this.reference = facts.reference;
    this.upstream = upstream;
    this.family = facts.family;
    this.runtime = facts.runtime ?? BaseRuntime.NONE;
    this.runtimeVersion = facts.runtimeVersion;
    this.user = facts.user;
    this.entrypoint = [...(facts.entrypoint ?? [])];
    this.libc = facts.libc ?? BaseLibc.GLIBC;
    this.release = facts.release;
    this.architectures = [...(facts.architectures ?? AMD_AND_ARM)];
    this.endOfLife = facts.endOfLife;
  }

  /**
   * The builder image that fits this base: its release and its runtime's version are the base's.
   *
   * @param tool what the program is built with
   */
  public builderImage(tool: BuildTool): string {
    const release = DEBIAN_RELEASES.find((name) => name === this.release) ?? DEFAULT_RELEASE;
    switch (tool) {
      case BuildTool.NODEJS:
        return `node:${this.versionOf(BaseRuntime.NODEJS) ?? '24'}-${release}-slim`;
      case BuildTool.PYTHON:
        return `python:${this.versionOf(BaseRuntime.PYTHON) ?? '3.13'}-slim-${release}`;
      case BuildTool.MAVEN:
        return `maven:3.9-eclipse-temurin-${this.versionOf(BaseRuntime.JAVA) ?? '25'}`;
      case BuildTool.GRADLE:
        return `gradle:9-jdk${this.versionOf(BaseRuntime.JAVA) ?? '25'}`;
      case BuildTool.DOTNET:
        return `mcr.microsoft.com/dotnet/sdk:${this.dotnetVersion()}-noble`;
      case BuildTool.GO:
        return `golang:1.26-${release}`;
      case BuildTool.RUST:
        return `rust:1-${release}`;
      case BuildTool.DEBIAN:
        return `debian:${release}-slim`;
    }
  }

  /**
   * The same base, pinned to a digest.
   *
   * @param digest `sha256:` and 64 hexadecimal digits, of the image or of the index of its platforms
   */
  public pinnedTo(digest: string): DistrolessBase {
    if (!isDigest(digest)) {
      throw new Error(`'${digest}' is not a digest; expected sha256: and 64 hexadecimal digits`);
    }
    const parsed = tryParseReference(this.reference);
    if (!parsed || this.reference === 'scratch') {
      throw new Error(`${this.reference} cannot be pinned; it is not an image in a registry`);
    }
    return new DistrolessBase({ ...this.facts, reference: formatReference({ ...parsed, digest }) }, this.upstream);
  }

  /**
   * The same base, pulled from a mirror.
   *
   * Declare the mirror in the policy too (`mirrors`), so that the image is recognised there.
   *
   * @param prefix what stands in the place of the registry path: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless` for `gcr.io/distroless`
   */
  public mirroredAt(prefix: string): DistrolessBase {
    return this.mirroredThrough({ [this.facts.home]: prefix });
  }

  /**
   * The same base, pulled from whichever of the declared mirrors stands for its registry; the base itself when none does.
   *
   * @param mirrors registry, or path in a registry, and where it is mirrored; the longest that fits is taken
   */
  public mirroredThrough(mirrors: { [upstream: string]: string }): DistrolessBase {
    if (this.reference === 'scratch') return this;
    const reference = pullThroughMirrors(this.reference, mirrors);
    return reference === this.reference ? this : new DistrolessBase({ ...this.facts, reference }, this.upstream);
  }

  /** The reference. */
  public toString(): string {
    return this.reference;
  }

  private versionOf(runtime: BaseRuntime): string | undefined {
    return this.runtime === runtime ? this.runtimeVersion : undefined;
  }

  private dotnetVersion(): string {
    return (
      [BaseRuntime.ASPNET, BaseRuntime.DOTNET, BaseRuntime.DOTNET_LIBRARIES]
        .map((runtime) => this.versionOf(runtime))
        .find((version) => version !== undefined) ?? '10.0'
    );
  }
}
