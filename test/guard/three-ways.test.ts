import { FOUR_APPS } from './four-apps';
import { byAspect, byCheck, byPack } from './three-ways';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

describe.each(FOUR_APPS)('%s', (_, build) => {
  test('has the same findings by the aspect, by the pack and by the command', async () => {
    const pack = byPack(build);
    expect(pack.filter((finding) => finding.startsWith('error')).length).toBeGreaterThan(2);
    expect(byAspect(build)).toEqual(pack);
    expect(await byCheck(build)).toEqual(pack);
  });
});
