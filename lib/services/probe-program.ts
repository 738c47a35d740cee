import { BaseRuntime } from '../bases/distroless-base';
import type { DistrolessImage } from '../images/distroless-image';
import { NODE_PROBE, PYTHON_PROBE } from './probe-scripts';

/**
 * The command, without its arguments, that probes in a given image.
 *
 * @throws when the image has nothing that could
 */
export function probeProgram(image: DistrolessImage): string[] {
  const program = tryProbeProgram(image);
  if (program) return program;
  throw new Error(
    `${image.node.path}: nothing in the image (base: ${image.base?.reference ?? 'not known'}) can run a health probe; set ` +
      "healthProbe: true on the image to build one in, or let the program check itself: HealthProbe.command(['/app', '-healthcheck'])",
  );
}

/** As `probeProgram`; undefined when the image has nothing that could probe. */
export function tryProbeProgram(image: DistrolessImage): string[] | undefined {
  const interpreter = image.base?.entrypoint[0];
  switch (image.base?.runtime) {
    case BaseRuntime.NODEJS:
      return [interpreter ?? 'node', '-e', NODE_PROBE];
    case BaseRuntime.PYTHON:
      // Isolated and without site packages: starts in half the time, and no PYTHON variable of the app's reaches it.
      return [interpreter ?? 'python3', '-ISc', PYTHON_PROBE];
    default:
      return image.healthProbe;
  }
}
