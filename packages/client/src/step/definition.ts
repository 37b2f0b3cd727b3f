/** A file that a step makes and that is stored as an artifact. */
export interface Product {
  /** Name of the artifact. */
  readonly name: string;
  /** The file, relative to the project's folder or absolute. */
  readonly path: string;
}

/** An artifact that a step needs as a file. */
export interface Need {
  /** Name of the artifact. */
  readonly name: string;
  /** Where it is wanted. @default where its producer made it, relative to the project's folder */
  readonly path?: string | undefined;
}

/** How a step's outputs serve other builds of its project. */
export interface StepReuse {
  /** Whether outputs of an earlier build stand for its own where they were made from the same inputs. */
  readonly wanted: boolean;
  /** What else its outputs depend on, beyond its inputs: the platform, the environment of the build file. */
  readonly setting: Readonly<Record<string, string>>;
}

/** One resumable step: a command with what it needs and makes. */
export interface StepDefinition {
  /** State code. */
  readonly state: number;
  /** What people call the state. */
  readonly name: string;
  /** Program and arguments that are run; no shell looks at them. */
  readonly argv: readonly string[];
  /**
   * What counts as the command when inputs are compared. A script is the same step in whichever shell it is run.
   * @default argv
   */
  readonly identity?: readonly string[] | undefined;
  /** What it makes. The first one becomes the state's artifact. */
  readonly produces: readonly Product[];
  /** What it needs. */
  readonly needs: readonly Need[];
  /** Patterns of the files that it is made from, relative to the project's folder. */
  readonly inputs: readonly string[];
  /** Keys of the build's variables that it depends on. */
  readonly variables: readonly string[];
  /** Seconds after which the command is ended. @default no limit */
  readonly timeoutSeconds?: number | undefined;
  /**
   * How its outputs serve other builds of the project. @default they do not, and others' do not serve it
   */
  readonly reuse?: StepReuse | undefined;
  /** Whether a failure is followed by further tries, as the tracker's retry decision says. */
  readonly retry: boolean;
}
