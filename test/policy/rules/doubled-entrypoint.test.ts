import { built, findingsOf, messagesOf, useWith } from '../samples';

const RULE = 'DoubledEntrypoint';
const GOOGLE = 'FROM gcr.io/distroless';

describe(RULE, () => {
  test.each([
    [`${GOOGLE}/nodejs24-debian13:nonroot\nCMD ["node", "server.js"]`, '["server.js"]'],
    [`${GOOGLE}/nodejs24-debian13:nonroot\nCMD ["/nodejs/bin/node", "server.js"]`, '["server.js"]'],
    [`${GOOGLE}/python3-debian13:nonroot\nCMD ["python", "app.py"]`, '["app.py"]'],
    [`${GOOGLE}/python3-debian13:nonroot\nCMD ["python3", "-m", "app"]`, '["-m","app"]'],
    [`${GOOGLE}/java25-debian13:nonroot\nCMD ["java", "-jar", "app.jar"]`, '["app.jar"]'],
    [`FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\nCMD ["dotnet", "app.dll"]`, '["app.dll"]'],
    [`${GOOGLE}/static:nonroot\nENTRYPOINT ["/app"]\nCMD ["/app", "serve"]`, '["serve"]'],
  ])('catches %j', (text, rest) => {
    const finding = findingsOf(useWith(), built(text)).find(({ rule }) => rule === RULE);
    expect(finding?.fix).toContain(rest);
  });

  test('catches a command of the template', () => {
    const facts = built(`${GOOGLE}/nodejs24-debian13:nonroot`);
    expect(messagesOf(RULE, useWith({ command: ['node', 'server.js'] }), facts)).toEqual([
      'the entrypoint is /nodejs/bin/node already, so that this command runs /nodejs/bin/node node server.js',
    ]);
  });

  test.each([
    `${GOOGLE}/nodejs24-debian13:nonroot\nCMD ["server.js"]`,
    `${GOOGLE}/nodejs24-debian13:nonroot\nENTRYPOINT []\nCMD ["/nodejs/bin/node", "server.js"]`,
    `FROM dhi.io/node:24-debian13\nCMD ["node", "server.js"]`,
    `${GOOGLE}/nodejs24-debian13:nonroot\nCMD node server.js`,
    `${GOOGLE}/static:nonroot\nENTRYPOINT ["/app"]`,
  ])('catches not %j', (text) => {
    expect(messagesOf(RULE, useWith(), built(text))).toEqual([]);
  });

  test('catches not when the template sets the entrypoint', () => {
    const facts = built(`${GOOGLE}/nodejs24-debian13:nonroot\nCMD ["node", "server.js"]`);
    expect(messagesOf(RULE, useWith({ entryPoint: ['/nodejs/bin/node'], command: ['server.js'] }), facts)).toEqual([]);
  });
});
