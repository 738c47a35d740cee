import type { ContentType } from '../../../lib/layers/recognise/content-type';
import { recogniseName } from '../../../lib/layers/recognise/name-recogniser';

describe('the name recogniser', () => {
  test.each<[string, ContentType, string]>([
    ['/bin/sh', 'elf', 'sh'],
    ['app/deep/down/bash', 'elf', 'bash'],
    ['busybox', 'elf', 'busybox'],
    ['/usr/bin/apt-get', 'elf', 'apt'],
    ['/busybox/rpm', 'elf', 'rpm'],
    ['/opt/x/dpkg', 'elf', 'dpkg'],
    ['/usr/bin/pip3.13', 'script', 'pip'],
    ['/usr/local/bin/npm', 'script', 'npm'],
    ['/usr/bin/dnf-3', 'script', 'dnf'],
    ['/usr/local/cargo/bin/cargo', 'elf', 'cargo'],
    ['/venv/lib/python3.13/site-packages/pip/__main__.py', 'text', 'pip'],
    ['/usr/lib/python3.13/ensurepip/_bundled/pip-25.0-py3-none-any.whl', 'archive', 'pip'],
    ['/usr/lib/node_modules/npm/package.json', 'text', 'npm'],
    ['/opt/yarn-v1.22.22/package.json', 'text', 'yarn'],
    ['/opt/microsoft/powershell/7/System.Management.Automation.dll', 'pe', 'pwsh'],
  ])('knows %s (%s) as %s', (path, type, kind) => {
    expect(recogniseName(path, type)?.kind).toBe(kind);
  });

  test.each<[string, ContentType]>([
    ['/app/sh', 'script'],
    ['/app/sh', 'empty'],
    ['/bin/sh', 'text'],
    ['/etc/cron.daily/dpkg', 'script'],
    ['/etc/logrotate.d/apt', 'text'],
    ['/usr/share/bash-completion/completions/npm', 'text'],
    ['/app/go', 'elf'],
    ['/app/cargo', 'elf'],
    ['/usr/lib/python3.13/ensurepip/__main__.py', 'text'],
    ['/app/node_modules/npm-run-path/package.json', 'text'],
    ['/app/constructor', 'elf'],
    ['/usr/bin/bashful', 'elf'],
    ['/usr/bin/python3', 'elf'],
  ])('does not take %s (%s) for a tool', (path, type) => {
    expect(recogniseName(path, type)).toBeUndefined();
  });
});
