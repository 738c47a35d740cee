import { analyseDockerfile } from '../dockerfile/analyse';
import { readBuild } from '../dockerfile/sources/read-build';
import type { LayerFacts } from '../layers/layer-facts';
import { factsFromDockerfile } from '../policy/facts/facts-from-dockerfile';
import { factsFromReference } from '../policy/facts/facts-from-reference';
import { factsOfOpaque } from '../policy/facts/facts-of-opaque';
import { withLayerEvidence } from '../policy/facts/with-layer-evidence';
import { factsFromLayers } from '../policy/facts/facts-from-layers';
import type { ImageFacts } from '../policy/image-facts';
import type { DockerfileOrigin, ImageOrigin } from '../policy/image-use';
import type { Policy } from '../policy/policy';

/** What is known of images besides what an assembly says. */
export interface FactsOptions {
  /**
   * The environment that images are built in: variables of it change what a Dockerfile means.
   *
   * @default - that of this process
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * What was seen in the layers of an image, when somebody has looked.
   *
   * @default - nobody has looked
   */
  readonly inspected?: (origin: ImageOrigin) => LayerFacts | undefined;
}

/** The facts of images, learnt once for each however many containers run it. */
export class FactsOfOrigins {
  private readonly known = new Map<string, ImageFacts>();

  public constructor(
    private readonly policy: Policy,
    private readonly options: FactsOptions = {},
  ) {}

  /** What is known of an image; what cannot be read is unproven, and says why. */
  public of(origin: ImageOrigin): ImageFacts {
    const key = JSON.stringify(origin);
    let facts = this.known.get(key);
    if (!facts) this.known.set(key, (facts = this.learn(origin)));
    return facts;
  }

  private learn(origin: ImageOrigin): ImageFacts {
    const layers = this.options.inspected?.(origin);
    switch (origin.kind) {
      case 'dockerfile':
        return this.ofDockerfile(origin, layers);
      case 'reference':
        return layers
          ? factsFromLayers(layers, { reference: origin.reference, mirrors: this.policy.mirrors })
          : factsFromReference(origin.reference, { mirrors: this.policy.mirrors });
      case 'tarball':
        return layers
          ? factsFromLayers(layers, { mirrors: this.policy.mirrors })
          : factsOfOpaque(origin.path, 'the image is a tarball whose layers were not inspected');
      case 'opaque':
        return factsOfOpaque('', origin.reason);
    }
  }

  private ofDockerfile(origin: DockerfileOrigin, layers: LayerFacts | undefined): ImageFacts {
    const declared = this.declaredBy(origin);
    return layers ? withLayerEvidence(declared, layers) : declared;
  }

  private declaredBy(origin: DockerfileOrigin): ImageFacts {
    const { displayPath: subject, platform } = origin;
    const environment = this.options.environment ?? process.env;
    try {
      const analysis = analyseDockerfile(readBuild({ ...origin, environment }));
      return factsFromDockerfile(analysis, { subject, platform, mirrors: this.policy.mirrors });
    } catch (error) {
      return factsOfOpaque(subject, `the build cannot be read: ${(error as Error).message}`);
    }
  }
}
