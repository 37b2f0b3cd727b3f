import { describe, expect, it } from 'vitest';
import { classifyFailure, componentOf } from '../../src/index.ts';
import { cpuMs } from '../support/cpu-time.ts';

const corpus = {
  transient: [
    'ssh: connect to host 10.0.1.12 port 22: Connection timed out',
    'Error waiting for SSH: Packer experienced an authentication error when trying to connect via SSH: ssh: handshake failed: EOF',
    'amazon-ebs: Error launching source instance: InsufficientInstanceCapacity: We currently do not have sufficient t3.large capacity',
    'An error occurred (RequestLimitExceeded) when calling the DescribeInstances operation (reached max retries: 4)',
    'ThrottlingException: Rate exceeded',
    'An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.',
    'ExpiredTokenException: The security token included in the request is expired',
    'curl: (56) Recv failure: Connection reset by peer',
    'read ECONNRESET',
    'connect ECONNREFUSED 10.1.2.3:443',
    'getaddrinfo EAI_AGAIN mirror.example.org',
    'Temporary failure in name resolution',
    'Could not resolve host: mirrors.fedoraproject.org',
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (apt-get)',
    'Error downloading packages: Cannot download repodata/repomd.xml: HTTP error 503',
    'googleapi: Error 502: Bad Gateway',
    'fatal: [default]: UNREACHABLE! => {"msg": "Failed to connect to the host via ssh"}',
    'Error: error waiting for image to become available: timeout while waiting for state to become "available"',
    'IncorrectInstanceState: The instance is not in the state running',
    'context deadline exceeded',
    'Net::OpenTimeout: execution expired: timed out',
    'The VM was preempted during provisioning',
    'A vCenter task failed: The resource is busy: device or resource busy',
    'HTTP 429 Too Many Requests',
    'unexpected EOF while reading response body',
    'The service is temporarily unavailable, please retry later',
    'scp: /tmp/packer-shell: Connection reset by peer',
  ],
  persistent: [
    'VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit',
    'Quota exceeded for quota metric "Queries"',
    'Operation could not be completed as it results in exceeding approved standardDSv3Family Cores quota. Quota has been exceeded.',
    'UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message',
    'AccessDenied: Access Denied',
    'fatal: [default]: FAILED! => {"msg": "No package nginx-foo available."}',
    'E: Unable to locate package foobar',
    'bash: packer: command not found',
    "Error: Cannot find module 'left-pad'",
    "ModuleNotFoundError: No module named 'boto3'",
    'SyntaxError: Unexpected token } in JSON at position 12',
    'Traceback (most recent call last):\n  File "deploy.py", line 3, in <module>\nKeyError: 1',
    "InvalidAMIID.NotFound: The image id '[ami-0abc]' does not exist",
    'InvalidParameterValue: Value (t9.mega) for parameter instanceType is invalid',
    'tar: write error: No space left on device',
    'x509: certificate signed by unknown authority',
    'ERROR! Decryption failed (no vault secrets were found that could decrypt)',
    'Error: Failed to prepare build: "base" errors: unsupported parameter "foo"',
    'CIS benchmark check 5.2.1 failed',
    'An explicit deny in a service control policy',
    'Error: checksum mismatch: expected abc got def',
    'ERROR! the playbook: site.yml could not be found: No such file or directory',
    'SignatureDoesNotMatch: The request signature we calculated does not match',
    'policy violation: image must be encrypted',
  ],
  unknown: [
    'exit status 1',
    'Script exited with non-zero exit status: 2',
    'Build was halted.',
    'something odd',
    '',
  ],
} as const;

describe('classifying failures', () => {
  for (const category of ['transient', 'persistent', 'unknown'] as const) {
    it.each(corpus[category])(`takes for ${category}: %s`, (errorMessage) => {
      expect(classifyFailure({ errorMessage })).toBe(category);
    });
  }

  it('believes the reporter before anything else', () => {
    const errorMessage = 'Connection timed out';
    expect(classifyFailure({ errorMessage, category: 'persistent' })).toBe('persistent');
    expect(classifyFailure({ errorMessage, isRetryable: false })).toBe('persistent');
    expect(classifyFailure({ errorMessage: 'syntax error', isRetryable: true })).toBe('transient');
  });

  it('looks at the code before the message', () => {
    expect(classifyFailure({ errorCode: 'ETIMEDOUT', errorMessage: 'permission denied' })).toBe('transient');
  });

  it("looks at a project's own patterns first", () => {
    const patterns = [{ pattern: 'flaky mirror', category: 'transient' as const }];
    expect(classifyFailure({ errorMessage: 'checksum mismatch at the flaky mirror' }, patterns)).toBe(
      'transient',
    );
  });

  it('is not held up by hostile patterns or messages', () => {
    const patterns = ['(a+)+$', '.*.*.*=', '(a|a)*b'].map((pattern) => ({
      pattern,
      category: 'transient' as const,
    }));
    const before = cpuMs();
    for (const unit of ['a', 'quota', 'no package ', 'invalid', 'ssh', 'limit exceeded', 'image ', '500 ']) {
      classifyFailure({ errorCode: unit.repeat(4096), errorMessage: unit.repeat(4096) }, patterns);
    }
    expect(cpuMs() - before).toBeLessThan(2000);
  });

  it('reads the end of long outputs', () => {
    expect(classifyFailure({ errorMessage: `${'x'.repeat(100_000)} Connection timed out` })).toBe(
      'transient',
    );
  });

  it('names the component by the range of the state', () => {
    expect([0, 9, 10, 69, 70, 94, 95, 100].map(componentOf)).toEqual([
      'infrastructure',
      'infrastructure',
      'configuration',
      'configuration',
      'validation',
      'validation',
      'publishing',
      'publishing',
    ]);
  });
});
