import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Replacement, Service } from './services';

/** A copy of a service's sources, to be changed and thrown away. */
export class WorkingCopy {
  public readonly directory = mkdtempSync(join(tmpdir(), 'bench-build-'));

  public constructor(private readonly service: Service) {
    cpSync(service.directory, this.directory, { recursive: true });
  }

  /** Adds the line of source; with another revision it is another line. */
  public changeSource(revision: number): void {
    const { file, text } = this.service.line;
    appendFileSync(join(this.directory, file), `${text(revision)}\n`);
  }

  public changeDependency(): void {
    for (const replacement of this.service.dependency) this.replace(replacement);
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  private replace({ file, from, to }: Replacement): void {
    const path = join(this.directory, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${path} does not say '${from}' any more; adapt the service to it`);
    writeFileSync(path, text.replace(from, to));
  }
}
