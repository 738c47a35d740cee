import type { Stack } from 'aws-cdk-lib';
import type { DistrolessImage, HealthProbe } from '../../../lib';
import type { ServiceExpectations } from '../harness/service-tests';

/** A program, or the starter of a framework, that somebody else has published as a package. */
export interface PublicProject extends ServiceExpectations {
  readonly name: string;
  /** Why it cannot be built on this machine; undefined where it can. */
  readonly obstacle?: string;
  /** The official image whose package client fetches it. */
  readonly client: string;
  /** Shell commands of that client, which put the project into the working directory; every version is exact. */
  readonly fetch: readonly string[];
  /** What the files hash to that were fetched, whoever delivered them. */
  readonly integrity: string;
  /** Commands that add what the project is published without: a lockfile, as of a fixed day. */
  readonly prepare?: readonly string[];
  /** Defines the image of the fetched project. */
  readonly image: (stack: Stack, name: string, directory: string) => DistrolessImage;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthProbe?: HealthProbe;
}

/** All files of one time, so that the tests can compare builds. */
export const sourceDateEpoch = 1_700_000_000;

/** Lockfiles are made as if it were this day, so that they are the same on all others. */
export const LOCK_DAY = '2026-10-01';
