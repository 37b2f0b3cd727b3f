import type { FailureCategory } from './category.ts';

/** One row of a classification table. */
export interface FailurePattern {
  /**
   * A regular expression without flags, looked for in error code and message, ignoring case. Those of projects have
   * neither references nor looking around; see `patternCost`.
   */
  readonly pattern: string;
  /** What a match means. */
  readonly category: FailureCategory;
}

const persistent: readonly string[] = [
  'quota.{0,24}exceeded|exceeded.{0,24}quota|limit ?exceeded(?!.*rate)|insufficient.{0,12}(quota|capacity limit)|vcpulimitexceeded',
  'access ?denied|unauthorized ?operation|not authorized|permission denied|forbidden|\\b403\\b|policy violation|explicit deny|service control polic',
  'invalid ?(parameter|argument|value|configuration|template|ami ?id|client ?token)|malformed|validation ?error|schema validation',
  'no such file or directory|enoent|command not found|executable file not found|module ?not ?found|no module named|cannot find (module|package)|importerror',
  'syntax ?error|typeerror|referenceerror|nullpointer|undefined (variable|method)|traceback \\(most recent call last\\)|segmentation fault',
  'unable to (find|locate) (a match|package)|no package .{1,80} available|no candidate|depends on .{1,80} but|unmet dependenc',
  '(image|snapshot|ami|volume|key pair|subnet|security group).{0,48}(does not exist|not found)|invalid\\w+\\.notfound',
  'no space left on device|enospc|disk quota exceeded',
  'certificate (has expired|verify failed|is not trusted)|self[- ]signed certificate|x509',
  'selinux is preventing|cis benchmark|compliance (check|rule).{0,24}failed|security (policy|scan).{0,24}(violation|failed)',
  'vault password|decryption failed|bad decrypt|checksum mismatch|hash sum mismatch',
  'authentication failed|invalid (credentials|access key|token)|signaturedoesnotmatch|invalidaccesskeyid|unsupported (provider|builder|parameter)',
];

const transient: readonly string[] = [
  'expired ?token|token (has )?(is )?expired|credentials? (have|has) expired|requestexpired|security token.{0,24}expired',
  'rate ?(limit|exceeded)|throttl|too many requests|\\b429\\b|slow ?down|request ?limit ?exceeded|requestlimitexceeded',
  'timed? ?out|time-?out|etimedout|deadline exceeded|context deadline',
  'econn(reset|refused|aborted)|connection (was )?(reset|refused|closed|aborted|lost)|broken pipe|epipe|socket hang up|unexpected eof',
  'enetunreach|ehostunreach|no route to host|network is (down|unreachable)|temporary failure in name resolution|eai_again|could not resolve',
  '\\b(500|502|503|504)\\b|bad gateway|service (is )?(temporarily )?unavailable|gateway time|internal ?(server ?)?error|serviceunavailable',
  'insufficient ?instance ?capacity|insufficient capacity|spot.{0,24}(interrupt|terminat)|preempt|host maintenance',
  'temporar(y|ily)|try again|retry later|resource (is )?busy|ebusy|device or resource busy|could not get lock|dpkg.{0,24}lock',
  'ssh.{0,48}(unreachable|handshake|not available|waiting)|unreachable=1|failed to connect to the host via ssh|winrm.{0,24}(unavailable|connect)',
  'incorrectinstancestate|resource ?not ?ready|eventual|not yet (available|ready|propagated)',
];

/**
 * The built-in table, first match wins. Expired credentials and rate limits come first, because their messages
 * often mention authorisation or limits as well. A corpus of real messages in the tests keeps it honest.
 */
export const builtInPatterns: readonly FailurePattern[] = [
  ...transient.slice(0, 2).map((pattern) => ({ pattern, category: 'transient' as const })),
  ...persistent.map((pattern) => ({ pattern, category: 'persistent' as const })),
  ...transient.slice(2).map((pattern) => ({ pattern, category: 'transient' as const })),
];
