import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import type { DockerfileAnalysis, ImageDescription } from '../../lib/dockerfile/analysis';

const BASE: ImageDescription = { user: '1000', entrypoint: ['/base'], cmd: ['-v'], workdir: '/w', env: { A: 'b' } };

function analyse(text: string, image: ImageDescription = BASE): DockerfileAnalysis {
  return analyseDockerfile({ text, file: 'Dockerfile', describeImage: () => image });
}

describe('how an image is run', () => {
  test('is as its base says where the Dockerfile says nothing', () => {
    expect(analyse('FROM x')).toMatchObject({
      user: { value: '1000' },
      entrypoint: { value: { argv: ['/base'], form: 'exec' } },
      cmd: { value: { argv: ['-v'] } },
      workdir: { value: '/w' },
      env: { A: 'b' },
    });
  });

  test.each([
    ['an entrypoint drops the command of the base', 'ENTRYPOINT ["/e"]', ['/e'], undefined],
    ['a command of the same stage stays', 'CMD ["c"]\nENTRYPOINT ["/e"]', ['/e'], ['c']],
    ['a command of a stage below does not', 'CMD ["c"]\nFROM y\nENTRYPOINT ["/e"]', ['/e'], undefined],
    ['an empty entrypoint is none', 'ENTRYPOINT []', undefined, undefined],
    ['an empty command is empty', 'CMD []', ['/base'], []],
    ['a shell of its own', 'SHELL ["/s", "-x"]\nCMD a  b', ['/base'], ['/s', '-x', 'a  b']],
    ['quotes that are not JSON', "ENTRYPOINT ['/app']", ['/bin/sh', '-c', "['/app']"], undefined],
    ['a comma too many', 'ENTRYPOINT ["/app",]', ['/bin/sh', '-c', '["/app",]'], undefined],
  ])('%s', (_what, text, entrypoint, cmd) => {
    const analysis = analyse(`FROM x AS y\n${text}`);
    expect(analysis.entrypoint?.value.argv).toEqual(entrypoint);
    expect(analysis.cmd?.value.argv).toEqual(cmd);
  });

  test('has a form that tells whether it needs a shell', () => {
    const analysis = analyse('FROM x\nENTRYPOINT [\'/app\']\nCMD ["a"]\nHEALTHCHECK CMD curl x');
    expect(analysis.entrypoint?.value.form).toBe('shell');
    expect(analysis.cmd?.value.form).toBe('exec');
    expect(analysis.healthCheck?.value.command).toEqual({ argv: ['/bin/sh', '-c', 'curl x'], form: 'shell' });
  });

  test('has a health check in exec form, or none', () => {
    const exec = analyse('FROM x\nHEALTHCHECK --interval=5s CMD ["/probe", "x"]').healthCheck;
    expect(exec?.value).toEqual({ disabled: false, command: { argv: ['/probe', 'x'], form: 'exec' } });
    expect(analyse('FROM x\nHEALTHCHECK NONE').healthCheck?.value).toEqual({ disabled: true });
  });

  test('traces each setting to the line that made it', () => {
    const analysis = analyse('FROM x AS y\nUSER 1\nFROM y\nEXPOSE 80 53/udp 8000-8001\nWORKDIR a/../b');
    expect(analysis.user).toMatchObject({ value: '1', location: { line: 2, text: 'USER 1' } });
    expect(analysis.exposedPorts.map(({ value }) => value)).toEqual(['80/tcp', '53/udp', '8000/tcp', '8001/tcp']);
    expect(analysis.workdir).toMatchObject({ value: '/w/b', location: { line: 5 } });
    expect(analysis.baseChain.map(({ line }) => line)).toEqual([3, 1]);
  });

  test('expands with the variables of the stage, all of an instruction at once', () => {
    const text = 'ARG G=1\nFROM x\nARG G\nARG H=$G$A\nENV A=2 B=$A\nENV C=$A$H ${H}x=y\nUSER $C:$H\nLABEL l="$B"';
    expect(analyse(text)).toMatchObject({
      env: { A: '2', B: 'b', C: '21b', '1bx': 'y' },
      user: { value: '21b:1b' },
      labels: { l: 'b' },
    });
  });

  test.each([
    'EXPOSE 99999',
    'EXPOSE 80/quic',
    'EXPOSE 9-8',
    'STOPSIGNAL SIGNOPE',
    'HEALTHCHECK --interval=1 CMD x',
    'HEALTHCHECK --timeout=1us CMD x',
    'HEALTHCHECK --retries=-1 CMD x',
    'RUN --mount=type=bind,target=/ x',
    'RUN --mount=type=secret x',
    'RUN --mount=type=cache,target=/x,sharing=no x',
    'RUN --mount=target=/x,uid=1 x',
    'RUN --network=no x',
    'COPY --chmod=u+y a b',
    'ADD --checksum=sha256:1 https://x/y b',
    'ADD https://x/y.git?nope=1 b',
    'VOLUME ""',
    'SHELL sh -c',
    'LABEL =x',
    'USER',
    'ENV --x a=b',
  ])('fails on %s', (text) => {
    expect(analyse(`FROM x\n${text}`).refusal?.location).toMatchObject({ line: 2 });
  });

  test.each([
    'EXPOSE 127.0.0.1:80:80/TCP',
    'STOPSIGNAL RTMIN+3',
    'STOPSIGNAL 9',
    'HEALTHCHECK --interval=1m30.5s --retries=0 CMD x',
    'RUN --mount=type=secret,id=x,env=X --mount=type=tmpfs,target=/t,size=10m x',
    'COPY --chmod=u=rwX,go=rX a b',
    'ADD git@github.com:a/b.git?tag=1 b',
  ])('accepts %s', (text) => {
    expect(analyse(`FROM x\n${text}`).refusal).toBeUndefined();
  });
});
