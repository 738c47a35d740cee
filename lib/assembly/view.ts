import type { Choices } from './choices';
import { evaluate, evaluateTop } from './intrinsics';
import type { Json } from './json';
import { isObject, members } from './json';
import type { TemplateScope } from './template-scope';

/** What a path led to. */
export interface Found {
  /** `ContainerDefinitions[0].Image`. */
  readonly path: string;
  readonly view: View;
}

/** A value of a template, worked out piece by piece as it is looked at. */
export class View {
  private known?: { readonly top: Json | undefined };

  public constructor(
    private readonly raw: Json | undefined,
    public readonly scope: TemplateScope,
    private readonly choices: Choices,
    /** The object or list that holds this. */
    public readonly parent?: View,
  ) {}

  /** The value with what is inside left as it is. */
  public get top(): Json | undefined {
    if (typeof this.raw !== 'object') return this.raw;
    this.known ??= { top: evaluateTop(this.raw, { scope: this.scope, choices: this.choices }) };
    return this.known.top;
  }

  /** The whole value. */
  public get value(): Json | undefined {
    const { top } = this;
    return typeof top === 'object' ? evaluate(top, { scope: this.scope, choices: this.choices }) : top;
  }

  /** What a path of names leads to: `get('RuntimePlatform.CpuArchitecture')`. */
  public get(path: string): View {
    return steps(path).reduce<View>((view, name) => (view.raw === undefined ? view : view.member(name)), this);
  }

  /** The elements of a list, without those that the template takes away (`AWS::NoValue`). */
  public get items(): View[] {
    const { top } = this;
    return (Array.isArray(top) ? top : []).map((item) => this.at(item)).filter((item) => item.top !== undefined);
  }

  /** The members of an object, by name. */
  public get entries(): Array<[string, View]> {
    return members(this.top).map(([name, item]) => [name, this.at(item)]);
  }

  /**
   * All that a pattern leads to; `[]` stands for every element of a list, `{}` for every member of an object. What is missing
   * is not found; what cannot be followed, because it is deferred or of another shape, is found as far as it goes.
   */
  public find(pattern: string): Found[] {
    const found: Found[] = [];
    follow(this, '', steps(pattern), 0, found);
    return found;
  }

  /** A member of an object; one that is not there has no value. */
  public member(name: string): View {
    const { top } = this;
    return this.at(isObject(top) && Object.hasOwn(top, name) ? top[name] : undefined);
  }

  /** A value that this one holds, or that was read out of it. */
  public at(raw: Json | undefined): View {
    return new View(raw, this.scope, this.choices, this);
  }
}

/** The paths that are asked for are few, and asked for again and again. */
const STEPS = new Map<string, readonly string[]>();

function steps(path: string): readonly string[] {
  let known = STEPS.get(path);
  if (!known) STEPS.set(path, (known = path.split(/\.|(?=\[\]|\{\})/)));
  return known;
}

/** Follows a pattern from its step of an index on, as far as it goes: one that is no list is taken for its own single element. */
function follow(view: View, path: string, pattern: readonly string[], index: number, found: Found[]): void {
  const { top } = view;
  const step = pattern[index];
  if (top === undefined) return;
  if (step === '[]' && Array.isArray(top)) {
    view.items.forEach((item, position) => follow(item, `${path}[${position}]`, pattern, index + 1, found));
    return;
  }
  if (step === '[]') return follow(view, path, pattern, index + 1, found);
  if (step === undefined || !isObject(top)) {
    found.push({ path, view });
    return;
  }
  const members = step === '{}' ? view.entries : [[step, view.member(step)] as const];
  for (const [name, member] of members) {
    if (member.top === undefined) continue;
    follow(member, path === '' ? name : `${path}.${name}`, pattern, index + 1, found);
  }
}
