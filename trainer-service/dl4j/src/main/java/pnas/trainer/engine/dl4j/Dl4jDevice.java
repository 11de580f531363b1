package pnas.trainer.engine.dl4j;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.trainer.training.Processor;

/**
 * Where arrays live and are computed: on the CPU with the one backend of ND4J, on a GPU with the other. Which of them an application has is
 * decided when it is built.
 *
 * @param name {@code cpu} or {@code cuda:N}
 */
record Dl4jDevice(String name) {
    private static final String CPU = "cpu";
    private static final String GPU = "cuda:";

    /**
     * The device of this name on this machine.
     *
     * @param name {@code cpu}, {@code cuda:N}, or {@code auto} for the first of the backend
     * @throws PnasException {@code ENGINE_FAILURE} where there is no such device
     */
    static Dl4jDevice find(String name) {
        boolean onCpu = Nd4j.getEnvironment().isCPU();
        Dl4jDevice device = new Dl4jDevice(name.equals("auto") ? (onCpu ? CPU : GPU + 0) : name);
        int gpus = onCpu ? 0 : Nd4j.getAffinityManager().getNumberOfDevices();
        if (device.isCpu() != onCpu || (!device.isCpu() && device.index() >= gpus)) {
            throw new PnasException(
                    ErrorCode.ENGINE_FAILURE,
                    "there is no device " + name + ": the backend " + backend()
                            + (onCpu ? " computes on the CPU" : " finds " + gpus + " GPUs"));
        }
        return device;
    }

    /** The backend of this application, for instance {@code nd4j-native}. */
    static String backend() {
        return Nd4j.getEnvironment().isCPU() ? "nd4j-native" : "nd4j-cuda";
    }

    /** Makes the calling thread compute here. */
    void use() {
        if (!isCpu()) {
            Nd4j.getAffinityManager().unsafeSetDevice(index());
        }
    }

    /** The model name of the CPU or the name of the GPU. */
    String kind() {
        if (isCpu()) {
            return Processor.modelName();
        }
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        return environment.get("cuda.devicesInformation") instanceof List<?> devices
                        && devices.get(index()) instanceof Map<?, ?> properties
                ? String.valueOf(properties.get("cuda.deviceName"))
                : name;
    }

    private boolean isCpu() {
        return name.equals(CPU);
    }

    private int index() {
        return Integer.parseInt(name.substring(GPU.length()));
    }
}
