import { posix } from 'node:path';
import { isDeferred, readable } from './deferred';
import { textOf } from './json';
import type { SitedImage } from './sited-image';
import { unseen } from './sited-image';
import type { View } from './view';

/**
 * Directories of a host that hold its programs or those of its containers, its processes, whose files are found below them, and the
 * sockets by which a container starts others. The logs of containers lie among the latter, and may be read.
 */
const GIVES_PROGRAMS =
  /^\/(?:$|(?:usr|bin|sbin|lib|lib64|opt|proc|snap)(?:\/|$)|(?:var\/)?run$|(?:var\/)?run\/(?:docker|podman|containerd|crio)(?:\/|\.sock|$)|var$|var\/lib$|var\/lib\/(?:docker(?!\/containers(?:\/|$))|containerd|containers|kubelet|rancher)(?:\/|$))/;

/** Where volumes of the host stand: the definition of tasks, and the single container of a job. */
const VOLUMES: Readonly<Record<string, readonly string[]>> = {
  'AWS::ECS::TaskDefinition': ['Volumes[].Host.SourcePath', 'Volumes[].DockerVolumeConfiguration.DriverOpts.device'],
  'AWS::ECS::DaemonTaskDefinition': ['Volumes[].Host.SourcePath'],
  'AWS::Batch::JobDefinition': [
    'ContainerProperties.Volumes[].Host.SourcePath',
    'EcsProperties.TaskProperties[].Volumes[].Host.SourcePath',
    'EksProperties.PodProperties.Volumes[].HostPath.Path',
    'NodeProperties.NodeRangeProperties[].Container.Volumes[].Host.SourcePath',
  ],
};

/** Volumes that bring the programs of the host into a container, its shell among them, whatever the image is. */
export function hostVolumes(type: string, properties: View): SitedImage[] {
  const patterns = Object.hasOwn(VOLUMES, type) ? VOLUMES[type] : [];
  return patterns
    .flatMap((pattern) => properties.find(pattern))
    .flatMap(({ path, view }) => hostVolume(textOf(view.value), path));
}

/** Whether a path of the host has programs in it. */
export function hostVolume(source: string | undefined, path: string): SitedImage[] {
  if (source === undefined) return [];
  if (isDeferred(source)) return [unseen(path, `a volume brings a directory of the host: ${readable(source)}`)];
  const directory = posix.resolve('/', source);
  if (!source.startsWith('/') || !GIVES_PROGRAMS.test(directory)) return [];
  return [
    unseen(
      path,
      `a volume brings ${directory} of the host, which has a shell or starts containers, into the container`,
    ),
  ];
}
