/** How much proof the policy wants before it calls an image shell-free. */
export enum Assurance {
  /** Dockerfiles and references: what they declare, followed exactly, and what the catalogue knows of the images they name. */
  DECLARED = 'declared',

  /**
   * The real layers: every image that is run must have been inspected.
   *
   * Image assets are built and looked into as the app is synthesized, unless that was done before; this needs Docker. Images of
   * registries are looked into by `cdk-distroless lock`.
   */
  INSPECTED = 'inspected',
}

/** What a finding of a rule means. */
export enum RuleSeverity {
  /** Synthesis fails. */
  ERROR = 'error',

  /** Told, and nothing more. */
  WARNING = 'warning',

  /** The rule is not applied. */
  OFF = 'off',
}

/** Images that may break rules, for a reason, until a day. */
export interface PolicyException {
  /**
   * Which images are excepted.
   *
   * A pattern is compared with the image's reference, with that of its base, with the path of its Dockerfile, with the path of the
   * construct that runs it, and with `stack/container`. `*` stands for any characters but a slash, `**` for any characters.
   */
  readonly patterns: string[];

  /**
   * The rules that do not apply, by id: `Shell`.
   *
   * @default - all rules
   */
  readonly rules?: string[];

  /** Why. Who reads the policy next year should understand it. */
  readonly reason: string;

  /** ISO date of the last day on which the exception holds: `2027-01-31`. From the next day on `ExpiredException` reports it. */
  readonly expires: string;
}

/** What is demanded of the images that an app runs. */
export interface DistrolessPolicy {
  /**
   * The bases that images may be built on, and the images that may be run as they are.
   *
   * The word `catalogue` stands for every image that the catalogue of this package calls distroless. Any other entry is a pattern
   * over references, in which `*` stands for any characters but a slash and `**` for any characters; a pattern without a tag covers
   * all tags. A base that is approved by a pattern is taken to be without a shell unless it is known to have one.
   *
   * @default ['catalogue']
   */
  readonly approvedBases?: string[];

  /**
   * Images that may break rules, for a reason, until a day.
   *
   * @default - none
   */
  readonly exceptions?: PolicyException[];

  /**
   * How much proof is wanted.
   *
   * @default Assurance.DECLARED
   */
  readonly assurance?: Assurance;

  /**
   * Registries, or paths in registries, and where they are mirrored, so that images are recognised behind the mirror.
   *
   * For instance `{ 'gcr.io/distroless': '123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless' }`.
   *
   * @default - no mirrors
   */
  readonly mirrors?: { [upstream: string]: string };

  /**
   * What findings mean, by the id of the rule: `{ UnpinnedBase: RuleSeverity.ERROR }`.
   *
   * @default - the severity of each rule
   */
  readonly severities?: { [rule: string]: RuleSeverity };

  /**
   * Whether images that only build (CodeBuild, Image Builder) are held to the rules too.
   *
   * @default false
   */
  readonly includeBuildImages?: boolean;
}
