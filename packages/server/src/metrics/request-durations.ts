import {
  Histogram,
  type MetricObjectWithValues,
  type MetricType,
  type MetricValueWithName,
  type Registry,
} from 'prom-client';

/** Seconds; from a cached read to a slow disk. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const name = 'buildstate_http_request_duration_seconds';
const help = 'Time from the first byte of a request to the end of its answer.';
const labelNames = ['method', 'route', 'status'] as const;
type Label = (typeof labelNames)[number];
type Labels = Readonly<Record<Label, string>>;
type Value = MetricValueWithName<Label>;

/** What was observed of requests with the same labels. */
interface Tally {
  readonly labels: Labels;
  /** Requests by the least bound that they kept; the last are those that kept none. */
  readonly counts: number[];
  sum: number;
}

/** The values of a tally, as the library writes them: each bucket counts all that took at most so long. */
function valuesOf({ labels, counts, sum }: Tally): Value[] {
  let soFar = 0;
  const buckets = [...bounds, '+Inf'].map((le, index): Value => {
    soFar += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels } as Value['labels'], value: soFar };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: soFar },
  ];
}

/**
 * How long requests took. Counted here and told to the library when somebody asks: it checks and hashes the labels with
 * every observation, which is too much for every request.
 */
export class RequestDurations extends Histogram<Label> {
  readonly #tallies = new Map<string, Tally>();

  /** @param registry where it is shown */
  constructor(registry: Registry) {
    super({ name, help, labelNames, buckets: bounds, registers: [registry] });
  }

  /** Counts a request. */
  answered(method: string, route: string, status: number, seconds: number): void {
    const label = `${method} ${status} ${route}`;
    let tally = this.#tallies.get(label);
    if (tally === undefined) {
      const counts = new Array<number>(bounds.length + 1).fill(0);
      tally = { labels: { method, route, status: String(status) }, counts, sum: 0 };
      this.#tallies.set(label, tally);
    }
    let bucket = 0;
    while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
    tally.counts[bucket] = (tally.counts[bucket] ?? 0) + 1;
    tally.sum += seconds;
  }

  /** What the library shows. */
  override async get(): Promise<MetricObjectWithValues<Value>> {
    const values = [...this.#tallies.values()].flatMap(valuesOf);
    // The library exports the kinds of metrics as a type only.
    return {
      name,
      help,
      type: 'histogram' as unknown as MetricType,
      aggregator: 'sum',
      collect() {},
      values,
    };
  }

  /** The same, under the name by which the library asks for the text. */
  getForPromString(): Promise<MetricObjectWithValues<Value>> {
    return this.get();
  }

  /** Begins again. */
  override reset(): void {
    super.reset();
    // The library's constructor begins with it.
    if (#tallies in this) this.#tallies.clear();
  }
}
