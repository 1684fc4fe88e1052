"use strict";
// What a template holds: JSON, as raw DEFLATE in base64. Unpacked once, however often it is asked for.
const unpacked = (() => {
  const known = new Map();
  return (template) => {
    if (!known.has(template)) {
      const bytes = Uint8Array.from(atob(template.content.textContent), (letter) => letter.charCodeAt(0));
      const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
      known.set(template, new Response(plain).json());
    }
    return known.get(template);
  };
})();
