/** A path of the route table as Fastify writes it: `{parameter}` becomes `:parameter`. */
export function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
