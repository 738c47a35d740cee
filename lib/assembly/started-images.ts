import type { ImageUse } from '../policy/image-use';
import { isDeferred, readable } from './deferred';
import { opaque } from './image-origin';
import type { TaskDefinitions, TaskStart } from './task-starts';

/** The images of task definitions that are not in the assembly: something in it starts them, and nobody sees what they run. */
export function startedElsewhere(definitions: TaskDefinitions): ImageUse[] {
  return definitions.startsOfOthers().map((start) => ({
    ...placeOf(start),
    propertyPath: start.propertyPath,
    container: start.propertyPath,
    role: 'unknown',
    origin: opaque(`the definition that is started is not in this assembly: ${readable(start.definition)}`),
    settings: {},
  }));
}

/** Images that something starts with another command than that of their definition. */
export function startedOtherwise(
  starts: readonly TaskStart[],
  definitions: TaskDefinitions,
  uses: readonly ImageUse[],
): ImageUse[] {
  return starts.flatMap((start) => {
    const identity = definitions.identityOf(start);
    if (identity === undefined) return [];
    const started = start.overrides.length > 0 ? uses.filter((use) => definitions.includes(identity, use)) : [];
    return start.overrides.flatMap(({ container, command }) =>
      started
        .filter((use) => container === undefined || isDeferred(container) || use.container === container)
        .map((use): ImageUse => {
          const { unresolved = [], ...settings } = use.settings;
          const others = unresolved.filter((name) => name !== 'command');
          const open = command ? others : [...others, 'command'];
          return {
            ...use,
            ...placeOf(start),
            propertyPath: start.propertyPath,
            settings: { ...settings, command, ...(open.length > 0 && { unresolved: open }) },
          };
        }),
    );
  });
}

function placeOf({ scope, logicalId, resourceType }: TaskStart) {
  return {
    stack: scope.stack,
    logicalId,
    constructPath: scope.constructPath(logicalId),
    templateFile: scope.file,
    resourceType,
  };
}
