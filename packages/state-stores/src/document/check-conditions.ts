import { ConfigurationError } from '@buildstate/core/light';
import type { DocumentDriver } from './driver.ts';

/**
 * Checks that a place honours the conditions of writes, which some services accept and then ignore: with
 * those, of two workers that want the same build both would believe that they have it.
 * @param key a key that nobody else uses; nothing is left under it
 * @throws ConfigurationError when the place cannot keep builds
 */
export async function checkConditions(driver: DocumentDriver, key: string): Promise<void> {
  try {
    const first = await driver.putIfVersion(key, '{"probe":1}', null);
    if (first === 'conflict') throw refusal(driver, 'refuses a document under a key that nobody uses');
    if ((await driver.putIfVersion(key, '{"probe":2}', null)) !== 'conflict')
      throw refusal(driver, 'overwrites a document that must not be there yet');
    const second = await driver.putIfVersion(key, '{"probe":3}', first.version);
    if (second === 'conflict') throw refusal(driver, 'refuses a change of the version that is there');
    if ((await driver.putIfVersion(key, '{"probe":4}', first.version)) !== 'conflict')
      throw refusal(driver, 'overwrites a document that has changed meanwhile');
    const found = await driver.get(key);
    if (found?.text !== '{"probe":3}' || found.version !== second.version)
      throw refusal(driver, 'does not show what was written last');
  } finally {
    await driver.delete(key);
  }
}

function refusal(driver: DocumentDriver, fault: string): ConfigurationError {
  return new ConfigurationError(
    `${driver.uri} cannot keep builds: it ${fault}. Use a store with conditional writes, or another version of this one.`,
  );
}
