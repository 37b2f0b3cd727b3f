import { describe, expect, it } from 'vitest';
import { methodsOf, nearestPath } from '../../src/http/known-paths.ts';

const routes = [
  { method: 'GET', url: '/builds' },
  { method: 'POST', url: '/builds' },
  { method: 'GET', url: '/builds/:build_id' },
  { method: 'POST', url: '/builds/:build_id/state' },
  { method: 'GET', url: '/builds/:build_id/variables/dict' },
  { method: 'GET', url: '/projects' },
];

describe('known paths', () => {
  it('names the methods that a path takes', () => {
    expect(methodsOf('/builds', routes)).toEqual(['GET', 'POST']);
    expect(methodsOf('/builds/', routes)).toEqual(['GET', 'POST']);
    expect(methodsOf('/builds/123/state', routes)).toEqual(['POST']);
    expect(methodsOf('/nothing', routes)).toEqual([]);
  });

  it('finds what was probably meant, whatever stands in the place of parameters', () => {
    const id = '019aa000-0000-7000-8000-000000000001-and-much-longer-than-any-name-of-a-path';
    expect(nearestPath('/build', routes)).toBe('/builds');
    expect(nearestPath('/project/', routes)).toBe('/projects');
    expect(nearestPath(`/build/${id}/stat`, routes)).toBe('/builds/{build_id}/state');
    expect(nearestPath(`/builds/${id}/variable/dict`, routes)).toBe('/builds/{build_id}/variables/dict');
  });

  it('suggests nothing where nothing is near', () => {
    expect(nearestPath('/wp-login.php', routes)).toBeUndefined();
    expect(nearestPath('/', routes)).toBeUndefined();
  });
});
