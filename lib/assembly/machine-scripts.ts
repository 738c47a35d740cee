import { gunzipSync } from 'node:zlib';
import { readable } from './deferred';
import type { Json, JsonObject } from './json';
import { isObject } from './json';
import type { SitedImage } from './sited-image';
import { unseen } from './sited-image';
import type { View } from './view';

/** Properties that hold commands which a machine runs. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['UserData'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateData.UserData'],
  'AWS::EC2::SpotFleet': ['SpotFleetRequestConfigData.LaunchSpecifications[].UserData'],
  'AWS::AutoScaling::LaunchConfiguration': ['UserData'],
  'AWS::Lightsail::Instance': ['UserData'],
  'AWS::SSM::Document': ['Content'],
  'AWS::SSM::Association': ['Name', 'Parameters'],
  'AWS::SSM::MaintenanceWindowTask': ['TaskArn', 'TaskInvocationParameters'],
  'AWS::EMR::Step': ['HadoopJarStep.Args'],
  'AWS::IoT::JobTemplate': ['Document'],
  'AWS::Events::Rule': ['Targets[].Input', 'Targets[].InputTransformer.InputTemplate'],
  'AWS::Scheduler::Schedule': ['Target.Input'],
};

const INIT = 'AWS::CloudFormation::Init';

/** What starts a container from a command line, and what Systems Manager has for it. */
const STARTS_CONTAINER =
  /\b(?:docker|podman|nerdctl)(?:\s+-{1,2}[\w-]+(?:[= ]\S+)?)*\s+(?:run|create|compose|service|stack|container\s+run)\b|\bdocker-compose\b|\bctr\s+(?:-\S+\s+\S+\s+)*(?:run|containers?\s+create)\b|\bkubectl\s+(?:-\S+\s+)*(?:run|apply|create|debug|set)\b|\bhelm\s+(?:upgrade|install)\b|aws:runDockerAction|AWS-RunDockerAction/;

/** Containers that machines are told to start. */
export function machineScripts(type: string, properties: View): SitedImage[] {
  const patterns = Object.hasOwn(SCRIPTS, type) ? SCRIPTS[type] : [];
  const found = patterns.flatMap((pattern) => properties.find(pattern));
  return found.flatMap(({ path, view }) => scriptsIn(view.value ?? null, path));
}

/** What cfn-init does on a machine: it reads the metadata of the machine's resource. */
export function initScripts(metadata: View): SitedImage[] {
  return scriptsIn(metadata.member(INIT).value ?? null, `Metadata.${INIT}`);
}

/** Whether a resource is looked into for scripts at all. */
export function mayHoldScripts(type: string, resource: JsonObject): boolean {
  return Object.hasOwn(SCRIPTS, type) || initOf(resource) !== undefined;
}

/** What a resource has for cfn-init. */
export function initOf({ Metadata }: JsonObject): Json | undefined {
  return isObject(Metadata) ? Metadata[INIT] : undefined;
}

/** What a script starts cannot be told for certain from its text, so nothing is said of the image. */
function scriptsIn(value: Json, path: string): SitedImage[] {
  const text = readable(decoded(typeof value === 'string' ? value : JSON.stringify(value)));
  const match = STARTS_CONTAINER.exec(text);
  if (!match) return [];
  const line = text
    .slice(match.index)
    .split(/\\n|\n/)[0]
    .slice(0, 80);
  return [unseen(path, `a script starts containers that are not in the template: ${line}`)];
}

const BASE64 = /^[A-Za-z0-9+/\s]{24,}={0,2}\s*$/;

/** A part of a message of several parts, between blank lines and borders. */
const PART = /(?:^|\n)((?:[A-Za-z0-9+/]{4,}\r?\n)*[A-Za-z0-9+/]{4,}={0,2})(?=\r?\n|$)/g;

/** User data is base64 where no function of the template makes it so, and its parts may be so too. */
function decoded(text: string): string {
  const whole = BASE64.test(text) ? fromBase64(text) : text;
  const parts = [...whole.matchAll(PART)].map(([, part]) => (BASE64.test(part) ? fromBase64(part) : ''));
  return [whole, ...parts].join('\n');
}

/** Far more than a machine takes as user data. */
const LONGEST_SCRIPT_BYTES = 1024 * 1024;

/** Machines take compressed user data, too. What is no archive in spite of its beginning is taken as it is. */
function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.readUInt16BE(0) !== 0x1f8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: LONGEST_SCRIPT_BYTES }).toString('utf8');
  } catch {
    return bytes.toString('utf8');
  }
}
