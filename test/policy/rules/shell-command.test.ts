import { shellNeed } from '../../../lib/policy/shell-need';
import { built, GOOD_FACTS, messagesOf, useWith } from '../samples';

const RULE = 'ShellCommand';
const NODE = 'FROM gcr.io/distroless/nodejs24-debian13:nonroot\n';

describe(RULE, () => {
  test.each<[string[], string]>([
    [['sh', '-c', 'node server.js'], 'starts the shell sh'],
    [['/bin/bash', '-lc', 'x'], 'starts the shell bash'],
    [['/usr/local/bin/dash'], 'starts the shell dash'],
    [['/busybox/sh'], 'starts the shell sh'],
    [['busybox', 'sh'], 'starts the shell busybox'],
    [['pwsh', '-Command', 'x'], 'starts the shell pwsh'],
    [['C:\\Windows\\System32\\cmd.exe', '/c', 'x'], 'starts the shell'],
    [['/usr/bin/env', 'sh', '-c', 'x'], 'starts sh by way of env'],
    [['/usr/bin/env', '-S', 'bash -c x'], 'starts bash by way of env'],
    [['env', 'A=b', 'bash'], 'starts bash by way of env'],
    [['/sbin/tini', '--', '/bin/sh', '-c', 'x'], 'starts sh by way of tini'],
    [['dumb-init', 'npm', 'start'], 'starts npm by way of dumb-init'],
    [['timeout', '5', 'sh', 'x'], 'starts sh by way of timeout'],
    [['su-exec', 'nobody', 'sh'], 'starts sh by way of su-exec'],
    [['npm', 'start'], 'starts npm, which runs scripts in a shell'],
    [['/usr/local/bin/npx', 'prisma', 'migrate'], 'starts npx'],
    [['yarn', 'start'], 'starts yarn'],
    [['pnpm', 'start'], 'starts pnpm'],
    [['node', '/usr/lib/node_modules/npm/bin/npm-cli.js', 'start'], 'starts npm-cli.js'],
    [['/docker-entrypoint.sh', 'x'], 'a shell script'],
    [['node server.js'], 'one string that only a shell would take apart'],
    [['/migrate', '&&', '/app'], 'holds &&'],
    [['/app', '|', 'tee'], 'holds |'],
    [['/app', '--port', '$PORT'], 'holds $PORT'],
    [['/app', '${PORT}'], 'holds ${PORT}'],
  ])('catches %j', (command, need) => {
    expect(shellNeed(command)).toContain(need);
    expect(messagesOf(RULE, useWith({ entryPoint: command }), GOOD_FACTS)[0]).toContain(need);
  });

  test.each([
    [['/app']],
    [['/app', 'sh']],
    [['/app', '--shell', '/bin/sh']],
    [['node', 'server.js']],
    [['/usr/bin/java', '-jar', 'app.jar']],
    [['/usr/bin/python3.13', '-m', 'gunicorn', 'app:app']],
    [['/sbin/tini', '--', '/app', '-v']],
    [['/usr/bin/env', 'A=b', '/app']],
    [['/app', '--price=$5', 'a && b']],
    [['/opt/shell/bash-completion-server']],
    [['/nodejs/bin/node', 'npm-proxy.js']],
  ])('catches not %j', (command) => {
    expect(messagesOf(RULE, useWith({ entryPoint: command }), GOOD_FACTS)).toEqual([]);
  });

  test.each([
    ['CMD node server.js', 'CMD is in shell form, which runs in a shell'],
    ['ENTRYPOINT node server.js', 'ENTRYPOINT is in shell form, which runs in a shell'],
    ["CMD ['server.js']", 'CMD is in shell form, which runs in a shell'],
    ['CMD ["npm", "start"]', 'CMD starts npm, which runs scripts in a shell: ["npm","start"]'],
    ['CMD ["sh", "-c", "x"]', 'CMD starts the shell sh: ["sh","-c","x"]'],
  ])('catches %s in a Dockerfile', (line, message) => {
    expect(messagesOf(RULE, useWith(), built(`${NODE}${line}\n`))).toEqual([message]);
  });

  test('catches not a command of the image that the template replaces', () => {
    const facts = built(`${NODE}CMD node server.js\n`);
    expect(messagesOf(RULE, useWith({ command: ['server.js'] }), facts)).toEqual([]);
    expect(messagesOf(RULE, useWith({ entryPoint: ['/app'] }), facts)).toEqual([]);
    expect(messagesOf(RULE, useWith({ command: [] }), facts)).toHaveLength(1);
  });

  test('catches not a command that names a shell as the argument of a program', () => {
    const facts = built(
      'FROM gcr.io/distroless/static-debian13:nonroot\nENTRYPOINT ["/tool", "completion"]\nCMD ["bash"]\n',
    );
    expect(messagesOf(RULE, useWith(), facts)).toEqual([]);
  });

  test.each<[string[], string]>([
    [['CMD-SHELL', 'curl -f http://localhost/'], 'the health check is a CMD-SHELL'],
    [['CMD-SHELL', '/healthcheck'], 'the health check is a CMD-SHELL'],
    [['CMD', 'sh', '-c', 'x'], 'the health check starts the shell sh'],
    [['CMD', '/app -healthz'], 'the health check is one string'],
    [['CMD', 'curl', '-f', 'x', '||', 'exit', '1'], 'the health check holds ||'],
  ])('catches the health check %j', (healthCheck, message) => {
    expect(messagesOf(RULE, useWith({ healthCheck }), GOOD_FACTS)[0]).toContain(message);
  });

  test.each([[['CMD', '/app', '-healthz']], [['CMD', '/healthcheck']], [['NONE']], [[]]])(
    'catches not the health check %j',
    (healthCheck) => {
      expect(messagesOf(RULE, useWith({ healthCheck }), GOOD_FACTS)).toEqual([]);
    },
  );

  test('catches not the HEALTHCHECK of a Dockerfile, which ECS does not look at', () => {
    expect(messagesOf(RULE, useWith(), built(`${NODE}HEALTHCHECK CMD curl -f http://localhost/\n`))).toEqual([]);
  });

  test('catches not the entrypoint of a base that is reported itself', () => {
    expect(messagesOf(RULE, useWith(), built('FROM public.ecr.aws/lambda/nodejs:24\nCMD ["app.handler"]\n'))).toEqual(
      [],
    );
  });
});
