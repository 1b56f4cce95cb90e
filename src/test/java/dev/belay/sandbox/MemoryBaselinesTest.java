package dev.belay.sandbox;

import dev.belay.port.Baselines;
import dev.belay.port.BaselinesContract;

class MemoryBaselinesTest extends BaselinesContract {
  @Override
  protected Baselines store() {
    return new MemoryBaselines();
  }
}
