import { Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { DistrolessChecks } from '../../../lib';
import type { TeamPolicy } from './policy';
import { tightened } from './policy';

const ID = 'PlatformGuard';

/** Warnings of the platform's policy, which a service may acknowledge. */
const LEFT_TO_SERVICES = ['ExecuteCommand'];

/**
 * Holds a whole app against the platform's policy.
 *
 * Every template puts it there, so that nobody can forget it. Errors of the platform's policy cannot be acknowledged: a team that needs
 * an exception asks for one in the policy of this package, where it has a reason and an end.
 */
export class PlatformGuard extends Construct {
  /** Puts the guard on the app of a construct, unless it is there. */
  public static over(construct: IConstruct): void {
    const app = appOf(construct);
    if (!app.node.tryFindChild(ID)) new PlatformGuard(app);
  }

  /**
   * @param app The app, before any template is used in it.
   * @param policy What the team demands beyond the platform.
   * @throws Error when the policy demands less than the platform's.
   */
  public constructor(app: Stage, policy: TeamPolicy = {}) {
    super(app, ID);
    const checks = new DistrolessChecks(app, tightened(policy));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), checks);
    this.node.addValidation({ validate: () => app.node.findAll().flatMap(forbiddenAcknowledgements) });
  }
}

function appOf(construct: IConstruct): Stage {
  const { root } = construct.node;
  if (Stage.isStage(root)) return root;
  throw new Error(`${construct.node.path}: the templates of the platform belong into an App`);
}

function forbiddenAcknowledgements(construct: IConstruct): string[] {
  const entries = construct.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
  const ids = entries.flatMap(({ data }) => Object.keys(data as Record<string, string>));
  return ids
    .filter(isForbidden)
    .map(
      (id) =>
        `${construct.node.path || 'the app'} acknowledges ${id}, which the platform does not leave to services; ` +
        'mend what is found, or ask the platform team for an exception in the policy',
    );
}

/** What a debug sidecar brings is acknowledged by itself, with its reason and its end. */
function isForbidden(id: string): boolean {
  const [, rule, container] = /^(?:Distroless|[Aa]nnotation)::(\w+)\[(.*)\]$/.exec(id) ?? [];
  return rule !== undefined && container !== 'debug' && !LEFT_TO_SERVICES.includes(rule);
}
