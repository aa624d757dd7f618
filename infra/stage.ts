import { RemovalPolicy } from 'aws-cdk-lib';

const NAME = /^[a-z][a-z0-9-]{0,19}$/;

/** One deployment in an account and region; `dev` is disposable, what any other stage stores outlives its stack. */
export class DeploymentStage {
  readonly name: string;
  readonly isDisposable: boolean;
  readonly removalPolicy: RemovalPolicy;

  constructor(name: string) {
    if (!NAME.test(name))
      throw new Error(`stage "${name}": up to 20 lower-case letters, digits and "-", the first a letter; use \`-c stage=dev\``);
    this.name = name;
    this.isDisposable = name === 'dev';
    this.removalPolicy = this.isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
  }

  /** The name of a resource of this stage. */
  nameOf(part: string): string {
    return `carillon-${this.name}-${part}`;
  }
}
