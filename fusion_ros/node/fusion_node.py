# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The lifecycle node: wires parameters, pipeline, session and diagnostics together."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.msg import SetParametersResult
from rclpy.clock import Clock, ClockType, JumpThreshold
from rclpy.duration import Duration
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from fusion_ros.errors import ConfigError, FusionError
from fusion_ros.node.diagnostics import SessionMonitor, diagnostic_array
from fusion_ros.node.health import Level, Verdict
from fusion_ros.node.parameter_services import declare_parameters, parameter_values
from fusion_ros.node.publishers import FusionPublishers
from fusion_ros.node.session import FusionSession
from fusion_ros.node.topics import DIAGNOSTICS
from fusion_ros.parameters.config import node_config
from fusion_ros.parameters.table import BY_NAME
from fusion_ros.pipeline import FusionPipeline, load_backend

if TYPE_CHECKING:
    from rclpy.parameter import Parameter

NODE_NAME = "fusion_node"
DIAGNOSTICS_PERIOD_S = 1.0


class FusionNode(LifecycleNode):
    """Subscribes to a thermal and a visible camera, publishes what they see together."""

    def __init__(self) -> None:
        """Declare parameters and start the diagnostics; the rest comes with the lifecycle."""
        super().__init__(NODE_NAME)
        self._pipeline: FusionPipeline | None = None
        self._outputs: FusionPublishers | None = None
        self._session: FusionSession | None = None
        self._monitor: SessionMonitor | None = None
        self._failure = ""
        declare_parameters(self)
        self.add_on_set_parameters_callback(self._on_set_parameters)
        self._diagnostics = self.create_publisher(DiagnosticArray, DIAGNOSTICS, 10)
        # Steady time: when simulated time stands still, somebody must still say so.
        self._timer = self.create_timer(
            DIAGNOSTICS_PERIOD_S,
            self._publish_diagnostics,
            clock=Clock(clock_type=ClockType.STEADY_TIME),
        )
        threshold = JumpThreshold(
            min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True
        )
        self._jumps = self.get_clock().create_jump_callback(
            threshold, post_callback=self._on_clock_jump
        )

    def start(self) -> None:
        """Configure and activate, if the parameter `autostart` says so."""
        if not self.get_parameter("autostart").value:
            self.get_logger().info("waiting for a lifecycle manager (autostart is off)")
            return
        if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the backend and advertise the outputs."""
        try:
            config = node_config(parameter_values(self))
            self._pipeline = load_backend(config.backend, config.engine, config.model)
            self._pipeline.warm_up()
            self._outputs = FusionPublishers(self, config.output_encoding)
        # rclpy would turn an exception into a state without a word about it.
        except Exception as err:
            self._release()
            return self._fail("cannot configure", err)
        self._failure = ""
        self.get_logger().info(
            f"fusing with '{self._pipeline.name}' on engine '{self._pipeline.engine}' "
            f"{self._pipeline.model_id}".rstrip()
        )
        return TransitionCallbackReturn.SUCCESS

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Subscribe to the cameras."""
        if self._pipeline is None or self._outputs is None:
            return TransitionCallbackReturn.ERROR
        try:
            config = node_config(parameter_values(self))
            self._session = FusionSession(self, config, self._pipeline, self._outputs)
        except Exception as err:
            return self._fail("cannot activate", err)
        self._monitor = SessionMonitor(self._session)
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Unsubscribe."""
        self._end_session()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Withdraw the outputs and free the backend."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """End in order from any state."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free everything, so that the node can be configured again."""
        self._release()
        return TransitionCallbackReturn.SUCCESS

    def destroy_node(self) -> None:
        """End in order, whatever the state."""
        self._release()
        self._jumps.unregister()
        super().destroy_node()

    def _fail(self, what: str, err: Exception) -> TransitionCallbackReturn:
        """Report an exception of a transition; the node stays in the state it was in."""
        self._failure = f"{what}: {type(err).__name__}: {err}"
        # Our own errors say what to do; of others one needs to know where they came from.
        detail = str(err) if isinstance(err, FusionError) else f"\n{traceback.format_exc()}"
        self.get_logger().error(
            f"{what}: {detail}; the node stays as it was: mend it and try again with "
            f"'ros2 lifecycle set', or restart"
        )
        return TransitionCallbackReturn.FAILURE

    def _end_session(self) -> None:
        self._monitor = None
        if self._session is not None:
            self._session.close()
            self._session = None

    def _release(self) -> None:
        self._end_session()
        if self._outputs is not None:
            self._outputs.destroy()
            self._outputs = None
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None

    def _on_set_parameters(self, changes: list[Parameter]) -> SetParametersResult:
        values = parameter_values(self) | {change.name: change.value for change in changes}
        try:
            config = node_config(values)
            self._refuse_while_configured(changes)
        except ConfigError as err:
            return SetParametersResult(successful=False, reason=str(err))
        if self._session is not None and self._session.config.pairing != config.pairing:
            self._session.reconfigure_pairing(config.pairing)
        return SetParametersResult(successful=True)

    def _refuse_while_configured(self, changes: list[Parameter]) -> None:
        for change in changes:
            spec = BY_NAME.get(change.name)
            if spec is None or spec.live or self._pipeline is None:
                continue
            if change.value != self.get_parameter(spec.name).value:
                raise ConfigError(
                    f"parameter '{spec.name}' is read when the node is configured: first "
                    f"'ros2 lifecycle set' deactivate and cleanup, then set it, then configure"
                )

    def _on_clock_jump(self, jump: object) -> None:
        if self._session is not None:
            self._session.forget_stream()

    def _publish_diagnostics(self) -> None:
        verdicts = self._monitor.verdicts() if self._monitor else [self._idle_verdict()]
        name = self.get_fully_qualified_name().lstrip("/")
        stamp = self.get_clock().now().to_msg()
        self._diagnostics.publish(diagnostic_array(name, stamp, verdicts))

    def _idle_verdict(self) -> Verdict:
        if self._failure:
            return Verdict("lifecycle", Level.ERROR, self._failure)
        return Verdict("lifecycle", Level.OK, "not active")
