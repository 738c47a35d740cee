import { NEEDLES } from '../../../lib/layers/recognise/machine-code';
import { MARKER_WINDOWS } from '../../../lib/layers/recognise/marker-windows';
import { chooseWindows, windowsOf } from '../../../lib/layers/recognise/needle-window';

test('the windows are those that would be chosen: when this fails, take them from what it prints', () => {
  const needles = NEEDLES.map((needle) => Buffer.from(needle, 'latin1'));
  const chosen = new Map(chooseWindows(needles).map((window) => [window.needle, window]));
  expect(MARKER_WINDOWS).toEqual(needles.map((needle) => [chosen.get(needle)?.offset, chosen.get(needle)?.group]));
  expect(windowsOf(needles, MARKER_WINDOWS)).toEqual(needles.map((needle) => chosen.get(needle)));
});
