import { baseStanding, isApproved } from '../base-standing';
import { Assurance } from '../distroless-policy';
import type { UnprovenFact } from '../image-facts';
import type { Rule, Subject, Violation } from '../rule';
import { runsAs } from '../user';

/** Settings that decide whether an image needs a shell or runs as root, by the name that the template has for them. */
const JUDGED_SETTINGS: Readonly<Record<string, string>> = {
  user: 'who it runs as',
  entryPoint: 'whether its entryPoint needs a shell',
  command: 'whether its command needs a shell',
  healthCheck: 'whether its health check needs a shell',
  platform: 'what platform it runs on',
};

export const UNPROVEN: Rule = {
  id: 'Unproven',
  failsWhen:
    'the assurance asked for was not reached: an opaque reference, a digest, a copy of a whole file system, a foreign frontend or an archive',
  defaultSeverity: 'error',

  check(subject) {
    return [
      ...subject.facts.unproven.map((fact) => unprovenFact(fact, subject)),
      ...unprovenBase(subject),
      ...unprovenLayers(subject),
      ...unresolvedSettings(subject),
      ...unknownUser(subject),
    ];
  },
};

const BY_LAYERS = 'have the image built and looked into: cdk-distroless verify';
const BY_ANCESTRY = 'lock the base that it is built on, so that its layers are recognised: cdk-distroless lock';
const BY_HAND = 'find out what it is, and acknowledge this';
const BY_LOCK = 'lock the image, so that its layers are known: cdk-distroless lock';
const BUILDABLE = 'see to it that the image can be built here, and run this again';

function unprovenFact({ reason, path, trace, fix }: UnprovenFact, { facts }: Subject): Violation {
  const place = path === undefined ? '' : ` (${path})`;
  return { message: `${reason}${place}`, trace, fix: fix ?? (facts.proof === 'layers' ? BY_HAND : BY_LAYERS) };
}

function unprovenBase(subject: Subject): readonly Violation[] {
  const { base, proof, unproven } = subject.facts;
  const standing = baseStanding(subject);
  if (standing === 'unresolved' && unproven.length === 0) {
    const fix = proof === 'layers' ? BY_ANCESTRY : BY_LAYERS;
    return [{ message: 'it is not known what the image is built on', trace: [], fix }];
  }
  if (!base) return [];
  const given = base.verdict?.given ?? base.reference;
  const reason = base.verdict?.reason ?? 'is not in the catalogue';
  if (standing === 'unproven') {
    const fix = 'lock the base, so that its layers are known: cdk-distroless lock';
    return [{ message: `whether ${given} has a shell is not proven: it ${reason}`, trace: base.trace, fix }];
  }
  if (standing === 'unknown' && proof === 'reference' && !base.verdict?.replacement) {
    const fix = `inspect it and lock it: cdk-distroless lock ${given}; or approve it in the policy's approvedBases`;
    return [{ message: `nothing is known of the image ${given}: it ${reason}`, trace: [], fix }];
  }
  return [];
}

function unprovenLayers({ facts, policy }: Subject): readonly Violation[] {
  if (facts.uninspected !== undefined) {
    return [{ message: `its layers could not be looked into: ${facts.uninspected}`, trace: [], fix: BUILDABLE }];
  }
  if (policy.assurance !== Assurance.INSPECTED || facts.proof === 'layers' || facts.proof === 'nothing') return [];
  const ofRegistry = facts.proof === 'reference';
  const source = ofRegistry ? 'its reference' : 'its Dockerfile';
  const message = `the policy wants the layers inspected, and the image is known by ${source} only`;
  return [{ message, trace: [], fix: ofRegistry ? BY_LOCK : BY_LAYERS }];
}

function unresolvedSettings({ use }: Subject): readonly Violation[] {
  return (use.settings.unresolved ?? [])
    .filter((name) => name in JUDGED_SETTINGS)
    .map((name) => ({
      message: `${JUDGED_SETTINGS[name]} is known at deployment only: ${name} is a deploy-time value`,
      trace: [],
      fix: `give ${name} as a literal value`,
    }));
}

/** Bases that the catalogue knows have a user; what an approved base of your own runs as, nobody knows. */
function unknownUser(subject: Subject): readonly Violation[] {
  const { use, facts } = subject;
  const unresolved = use.settings.unresolved?.includes('user') ?? false;
  if (unresolved || runsAs(use, facts) !== undefined || !isApproved(subject)) return [];
  const message = `who the image runs as is not known: neither the template nor the Dockerfile says so`;
  return [{ message, trace: facts.base?.trace ?? [], fix: "set user in the template, for instance '65532:65532'" }];
}
