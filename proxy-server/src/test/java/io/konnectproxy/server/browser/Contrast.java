package io.konnectproxy.server.browser;

/** Computes the contrast of each visible text with what is behind it, as WCAG 2.2 defines it (1.4.3). */
final class Contrast {
    static final String SCRIPT = """
            (() => {
              const channels = color => color.match(/[\\d.]+/g).map(Number);
              const luminance = ([r, g, b]) => {
                const [x, y, z] = [r, g, b].map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
                return .2126 * x + .7152 * y + .0722 * z;
              };
              const behind = element => {
                for (let each = element; each; each = each.parentElement) {
                  const color = channels(getComputedStyle(each).backgroundColor);
                  if (color.length === 3 || color[3] === 1) return color;
                  if (color[3] > 0) throw new Error('half transparent: ' + each.outerHTML);
                }
                return channels(getComputedStyle(document.documentElement).backgroundColor);
              };
              const failures = [];
              let texts = 0;
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const element = node.parentElement;
                if (!node.data.trim() || element.matches('script, style, noscript, .spoken, .skip') || !element.checkVisibility()) continue;
                texts++;
                const style = getComputedStyle(element);
                const [a, b] = [luminance(channels(style.color)), luminance(behind(element))].sort((x, y) => y - x);
                const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
                const ratio = (a + .05) / (b + .05);
                if (ratio < (large ? 3 : 4.5)) failures.push(ratio.toFixed(2) + ' ' + node.data);
              }
              return { texts, failures };
            })()""";

    private Contrast() {}
}
