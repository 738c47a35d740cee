import type { RunSettings } from '../policy/image-use';
import { shellNeed } from '../policy/shell-need';
import { knownWords, scalar } from './command-words';
import { isDeferred } from './deferred';
import type { View } from './view';

/** Reads how an image runs, from the object that holds the image and from the properties of the whole resource. */
export type SettingsReader = (holder: View, properties: View) => RunSettings;

/** Collects settings; those that only the deployment knows go to `unresolved`, by name. */
class SettingsBuilder {
  private readonly unresolved: string[] = [];

  public text(name: string, view: View): string | undefined {
    return this.known(name, scalar(view.value));
  }

  /** The words of a command. */
  public words(name: string, view: View): string[] | undefined {
    const { value } = view;
    if (value === undefined) return undefined;
    const words = knownWords(value);
    if (!words) this.unresolved.push(name);
    return words;
  }

  public flag(name: string, view: View): boolean | undefined {
    const text = this.text(name, view);
    return text === undefined ? undefined : text === 'true';
  }

  public build(settings: RunSettings): RunSettings {
    return this.unresolved.length > 0 ? { ...settings, unresolved: this.unresolved } : settings;
  }

  private known(name: string, text: string | undefined): string | undefined {
    if (text === undefined || !isDeferred(text)) return text;
    this.unresolved.push(name);
    return undefined;
  }
}

export const ecsSettings: SettingsReader = (container, task) => {
  const builder = new SettingsBuilder();
  return builder.build({
    user: builder.text('user', container.get('User')),
    entryPoint: builder.words('entryPoint', container.get('EntryPoint')),
    command: builder.words('command', container.get('Command')),
    healthCheck: builder.words('healthCheck', container.get('HealthCheck.Command')),
    readonlyRootFilesystem: builder.flag('readonlyRootFilesystem', container.get('ReadonlyRootFilesystem')),
    privileged: builder.flag('privileged', container.get('Privileged')),
    platform: ecsPlatform(builder, task.get('RuntimePlatform'), task.get('RequiresCompatibilities')),
  });
};

/** Fargate runs what states no platform on linux/amd64; elsewhere the instance decides. */
function ecsPlatform(builder: SettingsBuilder, platform: View, compatibilities: View): string | undefined {
  const stated = compatibilities.value;
  const onFargate = Array.isArray(stated) && stated.includes('FARGATE');
  const architecture = builder.text('platform', platform.get('CpuArchitecture')) ?? (onFargate ? 'X86_64' : undefined);
  const system = builder.text('platform', platform.get('OperatingSystemFamily')) ?? 'LINUX';
  if (system.startsWith('WINDOWS')) return 'windows/amd64';
  return architecture === undefined ? undefined : linux(architecture);
}

function linux(architecture: string): string {
  return architecture.toLowerCase() === 'arm64' ? 'linux/arm64' : 'linux/amd64';
}

export const functionSettings: SettingsReader = (_, properties) => {
  const builder = new SettingsBuilder();
  const architecture = builder.text('platform', properties.get('Architectures').items[0] ?? properties.get('none'));
  return builder.build({
    entryPoint: builder.words('entryPoint', properties.get('ImageConfig.EntryPoint')),
    command: builder.words('command', properties.get('ImageConfig.Command')),
    platform: linux(architecture ?? 'x86_64'),
  });
};

export const batchSettings: SettingsReader = (container, job) => {
  const builder = new SettingsBuilder();
  return builder.build({
    user: builder.text('user', container.get('User')),
    command: builder.words('command', container.get('Command')),
    readonlyRootFilesystem: builder.flag('readonlyRootFilesystem', container.get('ReadonlyRootFilesystem')),
    privileged: builder.flag('privileged', container.get('Privileged')),
    platform: ecsPlatform(builder, batchPlatform(container), job.get('PlatformCapabilities')),
  });
};

/** Jobs of one container state the platform beside the image, those of several at the task that holds the list. */
function batchPlatform(container: View): View {
  const own = container.get('RuntimePlatform');
  return own.top === undefined && container.parent?.parent ? container.parent.parent.get('RuntimePlatform') : own;
}

/** A container of a pod in Batch's spelling: `Command` takes the place of the entrypoint, `Args` that of the command. */
export const podSettings: SettingsReader = (container) => {
  const builder = new SettingsBuilder();
  return builder.build({
    user: builder.text('user', container.get('SecurityContext.RunAsUser')),
    entryPoint: builder.words('entryPoint', container.get('Command')),
    command: builder.words('command', container.get('Args')),
    readonlyRootFilesystem: builder.flag(
      'readonlyRootFilesystem',
      container.get('SecurityContext.ReadOnlyRootFilesystem'),
    ),
    privileged: builder.flag('privileged', container.get('SecurityContext.Privileged')),
  });
};

/** A container of a Kubernetes manifest; what it leaves open its pod may state. */
export const manifestSettings: SettingsReader = (container, pod) => {
  const builder = new SettingsBuilder();
  const own = container.get('securityContext');
  return builder.build({
    user: builder.text('user', firstStated(own.get('runAsUser'), pod.get('securityContext.runAsUser'))),
    entryPoint: builder.words('entryPoint', container.get('command')),
    command: builder.words('command', container.get('args')),
    healthCheck: probeCommand(builder, container),
    readonlyRootFilesystem: builder.flag('readonlyRootFilesystem', own.get('readOnlyRootFilesystem')),
    privileged: builder.flag('privileged', own.get('privileged')),
  });
};

function firstStated(...views: View[]): View {
  return views.find((view) => view.top !== undefined) ?? views[0];
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];

/** What probes and hooks run in the container, in the form that ECS has for it: the one that needs a shell, if there is one. */
function probeCommand(builder: SettingsBuilder, container: View): string[] | undefined {
  const commands = PROBES.map((probe) => builder.words('healthCheck', container.get(`${probe}.exec.command`)));
  const words = commands.find((command) => command && shellNeed(command) !== undefined) ?? commands.find(Boolean);
  return words && ['CMD', ...words];
}

/** App Runner takes one line, and splits it at blanks. It runs amd64 only. */
export const appRunnerSettings: SettingsReader = (repository) => {
  const builder = new SettingsBuilder();
  const line = builder.text('command', repository.get('ImageConfiguration.StartCommand'));
  return builder.build({ command: line === undefined ? undefined : wordsOf(line), platform: 'linux/amd64' });
};

function wordsOf(line: string): string[] {
  const words = line.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  return words.filter((word) => word !== '');
}

/** AgentCore runs arm64 only. */
export const agentRuntimeSettings: SettingsReader = () => ({ platform: 'linux/arm64' });

export const commandSettings: SettingsReader = (container) => {
  const builder = new SettingsBuilder();
  return builder.build({ command: builder.words('command', container.get('Command')) });
};

export const processingSettings: SettingsReader = (container) => {
  const builder = new SettingsBuilder();
  return builder.build({
    entryPoint: builder.words('entryPoint', container.get('ContainerEntrypoint')),
    command: builder.words('command', container.get('ContainerArguments')),
  });
};
