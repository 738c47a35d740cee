import type { TestEnvironment } from './environment';

export default async function tearDown(): Promise<void> {
  const { distrolessEnvironment } = globalThis as { distrolessEnvironment?: TestEnvironment };
  await distrolessEnvironment?.stop();
}
