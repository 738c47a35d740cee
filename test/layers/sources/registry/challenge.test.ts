import { parseChallenges } from '../../../../lib/layers/sources/registry/challenge';
import { withoutHang } from '../../../hang';

describe('parseChallenges', () => {
  test('reads the challenge of a token service', () => {
    const header =
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"';
    expect(parseChallenges(header)).toEqual([
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:a/b:pull',
        },
      },
    ]);
  });

  test('reads several challenges in one header', () => {
    const challenges = parseChallenges('Basic realm="one, two", Bearer realm="https://x/token", service=y');
    expect(challenges).toEqual([
      { scheme: 'basic', parameters: { realm: 'one, two' } },
      { scheme: 'bearer', parameters: { realm: 'https://x/token', service: 'y' } },
    ]);
  });

  test('takes names in any case and resolves escapes in quoted strings', () => {
    expect(parseChallenges('BEARER Realm="a \\"b\\" \\\\c"')).toEqual([
      { scheme: 'bearer', parameters: { realm: 'a "b" \\c' } },
    ]);
  });

  test.each(['', '="', ',,,', 'realm="x"'])('finds no challenge in %j', (header) => {
    expect(parseChallenges(header)).toEqual([]);
  });

  test('does not hang on a hostile header', () => {
    withoutHang(() => {
      parseChallenges(`Bearer realm="${'\\'.repeat(200_000)}`);
      parseChallenges(`Bearer ${'a'.repeat(200_000)}`);
      parseChallenges(`Bearer ${' '.repeat(200_000)}"`);
    });
  });
});
