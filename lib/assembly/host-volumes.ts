import { textOf } from './json';
import type { SitedImage } from './sited-image';
import { unseen } from './sited-image';
import type { View } from './view';

/** Directories of a host that hold its programs, and the sockets by which a container starts others. */
const GIVES_PROGRAMS =
  /^\/(?:$|(?:usr|bin|sbin|lib|lib64|opt)(?:\/|$)|(?:var\/)?run\/(?:docker|podman|containerd|crio)(?:\/|\.sock))/;

/** Where volumes of the host stand: the definition of tasks, and the single container of a job. */
const VOLUMES: Readonly<Record<string, readonly string[]>> = {
  'AWS::ECS::TaskDefinition': ['Volumes[].Host.SourcePath'],
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
  if (source === undefined || !GIVES_PROGRAMS.test(source)) return [];
  return [
    unseen(path, `a volume brings ${source} of the host, which has a shell or starts containers, into the container`),
  ];
}
