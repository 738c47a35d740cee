import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The account that the fake belongs to. */
const ACCOUNT = '111111111111';

/** Just enough of AWS for the CDK CLI up to its first change set: STS, SSM, ECR and S3, all at one address, nothing kept. */
export class FakeAws {
  /** What CloudFormation was asked for, in order. */
  public readonly deployments: string[] = [];
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  /** Serves, and answers the environment that makes AWS clients come here. */
  public async listen(): Promise<Readonly<Record<string, string>>> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.headers['x-amz-target'];
    const body = await text(request);
    if (typeof target === 'string') return json(response, target.split('.').at(-1) ?? '');
    const action = /Action=(\w+)/.exec(body)?.[1];
    const isIdentity = action === undefined || IDENTITY_ACTIONS.includes(action);
    if (!isIdentity) this.deployments.push(action);
    response.writeHead(isIdentity ? 200 : 400, { 'content-type': 'text/xml' });
    response.end(action === undefined ? EMPTY_BUCKET : isIdentity ? identityAnswer(action) : noStack(body));
  }
}

const IDENTITY_ACTIONS: readonly string[] = ['GetCallerIdentity', 'AssumeRole'];
const EMPTY_BUCKET = '<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>';

/** The answer of CloudFormation to everything: there is no such stack, and none can be made. */
function noStack(request: string): string {
  const message = `Stack with id ${new URLSearchParams(request).get('StackName')} does not exist`;
  return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

/** ECR and SSM. No image has been published yet, so the CLI builds all of them. */
function json(response: ServerResponse, operation: string): void {
  const answers: Record<string, object> = {
    DescribeRepositories: { repositories: [{ repositoryUri: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/assets` }] },
    DescribeImages: { __type: 'ImageNotFoundException', message: 'not published' },
    GetAuthorizationToken: {
      authorizationData: [
        {
          authorizationToken: Buffer.from('AWS:none').toString('base64'),
          proxyEndpoint: `https://${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`,
        },
      ],
    },
    GetParameter: { Parameter: { Name: 'bootstrap', Type: 'String', Value: '30' } },
  };
  response.writeHead(operation === 'DescribeImages' ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(answers[operation] ?? {}));
}

/** STS, which answers in XML. */
function identityAnswer(action: string): string {
  const contents: Record<string, string> = {
    GetCallerIdentity: `<Arn>arn:aws:iam::${ACCOUNT}:user/none</Arn><UserId>none</UserId><Account>${ACCOUNT}</Account>`,
    AssumeRole:
      '<Credentials><AccessKeyId>none</AccessKeyId><SecretAccessKey>none</SecretAccessKey><SessionToken>none</SessionToken>' +
      '<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>',
  };
  const result = `<${action}Result>${contents[action] ?? ''}</${action}Result>`;
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</${action}Response>`;
}
