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
    this.known ??= { top: evaluateTop(this.raw, { scope: this.scope, choices: this.choices }) };
    return this.known.top;
  }

  /** The whole value. */
  public get value(): Json | undefined {
    return evaluate(this.top, { scope: this.scope, choices: this.choices });
  }

  /** What a path of names leads to: `get('RuntimePlatform.CpuArchitecture')`. */
  public get(path: string): View {
    return steps(path).reduce<View>((view, name) => view.member(name), this);
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
   * is not found; what cannot be followed because it is deferred is found as far as it goes.
   */
  public find(pattern: string): Found[] {
    let found: Found[] = [{ path: '', view: this }];
    for (const step of steps(pattern)) found = found.flatMap((place) => follow(place, step));
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
  const known = STEPS.get(path) ?? path.split(/\.|(?=\[\]|\{\})/);
  STEPS.set(path, known);
  return known;
}

function follow(place: Found, step: string): Found[] {
  const { view, path } = place;
  if (typeof view.top === 'string') return [place];
  if (step === '[]') return view.items.map((item, index) => ({ path: `${path}[${index}]`, view: item }));
  const members = step === '{}' ? view.entries : [[step, view.member(step)] as const];
  return members
    .filter(([, member]) => member.top !== undefined)
    .map(([name, member]) => ({ path: path === '' ? name : `${path}.${name}`, view: member }));
}
