import { posix } from 'node:path';

/** What a base runs. */
export interface PythonTarget {
  /** `3.13` */
  readonly minor: string;
  /** As in file names of wheels: `x86_64`, `aarch64`. */
  readonly machine: string;
}

/**
 * The wheels among files that fit no target, where no other wheel of the same package does.
 *
 * A wheel's name ends in what it was built for: `numpy-2.3.4-cp313-cp313-manylinux_2_28_x86_64.whl`
 * (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
 */
export function unfitWheels(files: readonly string[], target: PythonTarget): string[] {
  const wheels = files.filter((file) => file.endsWith('.whl'));
  const packageOf = (file: string) => posix.basename(file).split('-')[0].toLowerCase();
  const served = new Set(wheels.filter((file) => fits(file, target)).map(packageOf));
  return wheels.filter((file) => !served.has(packageOf(file)));
}

/** Compiled modules that another Python wrote its name on: `_speedups.cpython-311-x86_64-linux-gnu.so`. */
export function unfitExtensions(files: readonly string[], target: PythonTarget): string[] {
  const tag = `cpython-${target.minor.replace('.', '')}-${target.machine}-linux-gnu`;
  return files.filter((file) => /\.cpython-[^/]*\.so$/.test(file) && !file.includes(`.${tag}.`));
}

function fits(file: string, target: PythonTarget): boolean {
  const parts = posix.basename(file, '.whl').split('-');
  if (parts.length < 5) return false;
  const [python, abi, platform] = parts.slice(-3).map((tags) => tags.split('.'));
  return python.some((tag) => fitsPython(tag, abi, target)) && platform.some((tag) => fitsPlatform(tag, target));
}

function fitsPython(tag: string, abi: readonly string[], { minor }: PythonTarget): boolean {
  const match = /^(py|cp)(\d)(\d*)$/.exec(tag);
  if (match === null) return false;
  const [, implementation, major, minorDigits] = match;
  const [wantedMajor, wantedMinor] = minor.split('.').map(Number);
  if (Number(major) !== wantedMajor) return false;
  if (minorDigits === '') return true;
  const older = Number(minorDigits) <= wantedMinor;
  return implementation === 'py' || abi.includes('abi3') ? older : Number(minorDigits) === wantedMinor;
}

function fitsPlatform(tag: string, { machine }: PythonTarget): boolean {
  return tag === 'any' || (/^(manylinux|linux_)/.test(tag) && tag.endsWith(machine));
}
